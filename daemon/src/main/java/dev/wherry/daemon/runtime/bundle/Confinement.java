package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.runtime.cgroup.ResourceLimits;
import dev.wherry.daemon.runtime.security.Capabilities;
import dev.wherry.daemon.runtime.security.DefaultSeccomp;
import dev.wherry.daemon.runtime.security.Devices;
import dev.wherry.daemon.runtime.security.SeccompProfile;
import dev.wherry.daemon.runtime.security.SecurityOptions;
import dev.wherry.daemon.runtime.security.SystemPaths;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import dev.wherry.daemon.runtime.spec.IdMapping;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.RuntimeSpec;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Linux;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Resources;
import dev.wherry.daemon.runtime.spec.UserMappings;
import java.util.List;
import java.util.function.Function;

/** How a process is kept in, by default or not at all, as parts of the runtime spec. */
final class Confinement {

    private Confinement() {}

    /** Those of a step that nothing is kept from are all that the daemon itself may give. */
    static List<String> capabilities(ContainerProcess process) {
        return process.additions().insecure()
                ? Capabilities.all()
                : Capabilities.of(process.options().isolation());
    }

    /** The sets of the process. */
    static RuntimeSpec.Capabilities sets(Isolation isolation, List<String> capabilities) {
        List<String> ambient = Capabilities.ambient(isolation);
        return new RuntimeSpec.Capabilities(
                capabilities,
                capabilities,
                capabilities,
                ambient.isEmpty() ? null : ambient,
                ambient.isEmpty() ? null : ambient);
    }

    static Linux linux(ContainerProcess process, List<String> capabilities, String cgroup) {
        Isolation isolation = process.options().isolation();
        SecurityOptions security = SecurityOptions.parse(isolation);
        boolean open = process.additions().insecure() || isolation.privileged();
        SystemPaths paths = SystemPaths.of(isolation, open);
        return new Linux(
                Sysctls.spec(process),
                resources(process),
                cgroup,
                Namespaces.spec(process),
                mapping(process, UserMappings::uids),
                mapping(process, UserMappings::gids),
                Devices.nodes(isolation, process.additions().devices()),
                seccomp(security, capabilities, open),
                propagation(process),
                paths.masked(),
                paths.readOnly());
    }

    /** Null without a user namespace. */
    private static List<IdMapping> mapping(ContainerProcess process, Function<UserMappings, IdMapping> kind) {
        return process.options()
                .peers()
                .users()
                .map(users -> List.of(kind.apply(users.mappings())))
                .orElse(null);
    }

    private static Resources resources(ContainerProcess process) {
        ContainerOptions options = process.options();
        return new Resources(
                Devices.access(
                        options.isolation(),
                        process.additions().insecure(),
                        process.additions().devices()),
                ResourceLimits.memory(options.resources()),
                ResourceLimits.cpu(options.resources()),
                ResourceLimits.pids(options.resources()),
                ResourceLimits.blockIo(options.resources()),
                ResourceLimits.hugePages(options.isolation().pod().limits()),
                ResourceLimits.unified(options.isolation().pod().limits()));
    }

    /** A profile that was given is taken even by a privileged container. */
    private static RuntimeSpec.Seccomp seccomp(SecurityOptions security, List<String> capabilities, boolean open) {
        if (security.hasSeccompProfile()) {
            return SeccompProfile.spec(security.seccomp(), capabilities);
        }
        return open || security.seccomp().equals(SecurityOptions.UNCONFINED) ? null : DefaultSeccomp.of(capabilities);
    }

    /** Mounts of the host reach a container only through a root that takes them on. */
    private static String propagation(ContainerProcess process) {
        List<String> asked = process.additions().mounts().stream()
                .filter(ExtraMount.HostPath.class::isInstance)
                .map(mount -> ((ExtraMount.HostPath) mount).propagation())
                .toList();
        if (asked.stream().anyMatch(one -> one.endsWith("shared"))) {
            return "shared";
        }
        return asked.stream().anyMatch(one -> one.endsWith("slave")) ? "slave" : null;
    }
}
