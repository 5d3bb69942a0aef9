package dev.wherry.daemon.runtime.cgroup;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.runtime.spec.PodLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Sets how much of huge pages a container that runs may use, which the {@code update} of runc leaves out. */
public final class HugePageLimits {

    /** Version 1 has a number for no limit, which depends on the size of pages. */
    private static final long UNLIMITED = 1L << 60;

    private HugePageLimits() {}

    /**
     * Returns when the limits hold. Where the host cannot limit huge pages there are none.
     *
     * @param pid of the container's first process
     * @throws HostException when the host has no huge pages of a size
     */
    public static void apply(String container, int pid, PodLimits limits) {
        if (!limits.hugePages().isEmpty() && CgroupHierarchy.has("hugetlb")) {
            boolean unified = CgroupHierarchy.isUnified();
            Path group = ContainerGroups.of(container, pid).get(unified ? "" : "hugetlb");
            if (group != null) {
                write(group, unified ? "max" : "limit_in_bytes", limits.hugePages());
            }
        }
    }

    static void write(Path group, String file, Map<String, Long> limits) {
        limits.forEach((size, limit) -> {
            Path used = group.resolve("hugetlb." + size + "." + file);
            Path reserved = group.resolve("hugetlb." + size + ".rsvd." + file);
            if (!Files.exists(used)) {
                throw new HostException("cannot limit huge pages of " + size + ": the host has none");
            }
            write(used, limit);
            // A program reserves pages before it uses them. Runc limits that too, crun does not.
            if (isLimited(reserved)) {
                write(reserved, limit);
            }
        });
    }

    private static boolean isLimited(Path file) {
        return CgroupUsage.number(CgroupHierarchy.read(file), Long.MAX_VALUE) < UNLIMITED;
    }

    private static void write(Path file, long limit) {
        try {
            Files.writeString(file, Long.toString(limit));
        } catch (IOException failure) {
            throw new HostException("cannot limit huge pages: " + failure.getMessage(), failure);
        }
    }
}
