package dev.wherry.daemon.runtime;

import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.runtime.RuntimeSpec.Capabilities;
import dev.wherry.daemon.runtime.RuntimeSpec.DeviceRule;
import dev.wherry.daemon.runtime.RuntimeSpec.Linux;
import dev.wherry.daemon.runtime.RuntimeSpec.Mount;
import dev.wherry.daemon.runtime.RuntimeSpec.Resources;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** How a process is kept in, by default or not at all, as parts of the runtime spec. */
final class Confinement {

    private static final BigInteger UNLIMITED = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    /** All capabilities, each at the place of its number. */
    private static final List<String> CAPABILITIES = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_DAC_READ_SEARCH",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETPCAP",
            "CAP_LINUX_IMMUTABLE",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_BROADCAST",
            "CAP_NET_ADMIN",
            "CAP_NET_RAW",
            "CAP_IPC_LOCK",
            "CAP_IPC_OWNER",
            "CAP_SYS_MODULE",
            "CAP_SYS_RAWIO",
            "CAP_SYS_CHROOT",
            "CAP_SYS_PTRACE",
            "CAP_SYS_PACCT",
            "CAP_SYS_ADMIN",
            "CAP_SYS_BOOT",
            "CAP_SYS_NICE",
            "CAP_SYS_RESOURCE",
            "CAP_SYS_TIME",
            "CAP_SYS_TTY_CONFIG",
            "CAP_MKNOD",
            "CAP_LEASE",
            "CAP_AUDIT_WRITE",
            "CAP_AUDIT_CONTROL",
            "CAP_SETFCAP",
            "CAP_MAC_OVERRIDE",
            "CAP_MAC_ADMIN",
            "CAP_SYSLOG",
            "CAP_WAKE_ALARM",
            "CAP_BLOCK_SUSPEND",
            "CAP_AUDIT_READ",
            "CAP_PERFMON",
            "CAP_BPF",
            "CAP_CHECKPOINT_RESTORE");

    private Confinement() {}

    /** Those of a process that nothing is kept from are all that the daemon itself may give. */
    static Capabilities capabilities(Additions additions) {
        if (!additions.insecure()) {
            return DefaultSpec.CAPABILITIES;
        }
        long granted = Processes.boundingCapabilities();
        List<String> all = IntStream.range(0, CAPABILITIES.size())
                .filter(number -> (granted >>> number & 1) != 0)
                .mapToObj(CAPABILITIES::get)
                .toList();
        return new Capabilities(all, all, all);
    }

    static Linux linux(ContainerProcess process, String cgroup) {
        if (process.additions().insecure()) {
            return new Linux(
                    new Resources(List.of(new DeviceRule(true, null, null, null, "rwm"))),
                    cgroup,
                    DefaultSpec.namespaces(process.network()),
                    null,
                    null,
                    null);
        }
        return new Linux(
                new Resources(DefaultSpec.DEVICES),
                cgroup,
                DefaultSpec.namespaces(process.network()),
                DefaultSeccomp.PROFILE,
                DefaultSpec.MASKED_PATHS,
                DefaultSpec.READONLY_PATHS);
    }

    /** The mounts that every container has. */
    static List<Mount> mounts(Additions additions) {
        List<Mount> mounts = new ArrayList<>();
        for (Mount mount : DefaultSpec.MOUNTS) {
            List<String> options = new ArrayList<>(mount.options());
            if (mount.destination().equals("/dev/shm")) {
                OptionalLong size = additions.shmBytes();
                options.replaceAll(
                        option -> size.isPresent() && option.startsWith("size=") ? "size=" + size.getAsLong() : option);
            }
            if (additions.insecure()) {
                options.remove("ro");
            }
            mounts.add(new Mount(mount.destination(), mount.type(), mount.source(), options));
        }
        return mounts;
    }

    /** Empty limits are left out of the spec. */
    static List<RuntimeSpec.Rlimit> limits(Additions additions) {
        List<RuntimeSpec.Rlimit> limits = new ArrayList<>();
        for (Additions.Limit limit : additions.limits()) {
            limits.add(new RuntimeSpec.Rlimit(
                    "RLIMIT_" + limit.name().toUpperCase(Locale.ROOT), number(limit.hard()), number(limit.soft())));
        }
        return limits.isEmpty() ? null : limits;
    }

    private static BigInteger number(long limit) {
        return limit < 0 ? UNLIMITED : BigInteger.valueOf(limit);
    }
}
