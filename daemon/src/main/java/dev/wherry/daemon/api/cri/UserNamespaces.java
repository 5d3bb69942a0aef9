package dev.wherry.daemon.api.cri;

import dev.wherry.cri.v1.ContainerConfig;
import dev.wherry.cri.v1.IDMapping;
import dev.wherry.cri.v1.Mount;
import dev.wherry.cri.v1.NamespaceMode;
import dev.wherry.cri.v1.NamespaceOption;
import dev.wherry.cri.v1.UserNamespace;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.pod.SandboxConfig;
import dev.wherry.daemon.runtime.spec.IdMapping;
import dev.wherry.daemon.runtime.spec.UserMappings;
import java.util.List;
import java.util.Objects;

/** User namespaces as messages: one for all containers of a pod, with one mapping of users and one of groups. */
final class UserNamespaces {

    private UserNamespaces() {}

    /**
     * Null without a user namespace.
     *
     * @throws InvalidInputException when it is not one of a pod with one mapping
     */
    static UserMappings mappings(NamespaceOption namespaces) {
        UserNamespace asked = namespaces.getUsernsOptions();
        if (!namespaces.hasUsernsOptions()) {
            return null;
        }
        return switch (asked.getMode()) {
            case NODE -> none(asked);
            case POD -> new UserMappings(one("uids", asked.getUidsList()), one("gids", asked.getGidsList()));
            case CONTAINER, TARGET, UNRECOGNIZED ->
                throw new InvalidInputException(
                        "there is no user namespace of the mode " + asked.getMode() + ": use POD or NODE");
        };
    }

    private static UserMappings none(UserNamespace asked) {
        if (asked.getUidsCount() > 0 || asked.getGidsCount() > 0) {
            throw new InvalidInputException(
                    "the users of the node's user namespace cannot be mapped: use the mode POD");
        }
        return null;
    }

    private static IdMapping one(String field, List<IDMapping> mappings) {
        if (mappings.size() != 1) {
            throw new InvalidInputException(
                    "the user namespace of a pod needs one mapping of its " + field + ", not " + mappings.size());
        }
        IDMapping mapping = mappings.getFirst();
        return new IdMapping(
                Integer.toUnsignedLong(mapping.getContainerId()),
                Integer.toUnsignedLong(mapping.getHostId()),
                Integer.toUnsignedLong(mapping.getLength()));
    }

    /** @throws InvalidInputException when a container or its mounts are not to be in the user namespace of its pod */
    static void check(ContainerConfig config, SandboxConfig pod) {
        NamespaceOption namespaces = config.getLinux().getSecurityContext().getNamespaceOptions();
        if (namespaces.hasUsernsOptions() && !Objects.equals(mappings(namespaces), pod.users())) {
            throw new InvalidInputException(
                    "a container is in the user namespace of its pod: ask for the same mappings");
        }
        for (Mount mount : config.getMountsList()) {
            boolean asked = mount.getUidMappingsCount() > 0 || mount.getGidMappingsCount() > 0;
            if (asked
                    && !new UserMappings(
                                    one("uids", mount.getUidMappingsList()), one("gids", mount.getGidMappingsList()))
                            .equals(pod.users())) {
                throw new InvalidInputException("the mount at " + mount.getContainerPath()
                        + " maps users in another way than the user namespace of its pod");
            }
        }
    }

    static UserNamespace message(UserMappings users) {
        return UserNamespace.newBuilder()
                .setMode(NamespaceMode.POD)
                .addUids(message(users.uids()))
                .addGids(message(users.gids()))
                .build();
    }

    private static IDMapping message(IdMapping mapping) {
        return IDMapping.newBuilder()
                .setContainerId((int) mapping.containerID())
                .setHostId((int) mapping.hostID())
                .setLength((int) mapping.size())
                .build();
    }
}
