package dev.wherry.daemon.runtime.spec;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Who the users and groups of a user namespace are on the host. Stored as JSON.
 *
 * @param uids of users
 * @param gids of groups
 */
@RegisterForReflection
public record UserMappings(IdMapping uids, IdMapping gids) {

    /** The user of the host that root is. */
    public int rootUid() {
        return (int) uids.hostID();
    }

    /** The group of the host that root's is. */
    public int rootGid() {
        return (int) gids.hostID();
    }
}
