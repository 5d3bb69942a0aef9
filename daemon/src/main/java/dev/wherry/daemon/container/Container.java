package dev.wherry.daemon.container;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.time.Instant;
import java.util.Optional;

/**
 * A container as it stood at one moment.
 *
 * @param id 64 lower-case hexadecimal digits
 * @param name unique among containers
 * @param image digest of the image's config
 * @param settings what was asked for, completed by the image
 * @param snapshot its writable file system
 * @param pid of its first process as the host sees it; 0 when it does not run
 * @param exitCode of its last run
 * @param error why its last run could not start or how it was lost; empty otherwise
 * @param startedAt empty when it never ran
 * @param finishedAt empty when it never stopped
 */
public record Container(
        String id,
        String name,
        Digest image,
        Settings settings,
        Optional<SnapshotId> snapshot,
        State state,
        int pid,
        int exitCode,
        String error,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        String bootId) {

    /** The first twelve digits of the ID, as shown to people. */
    public String shortId() {
        return id.substring(0, 12);
    }
}
