package dev.wherry.daemon.runtime.cgroup;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.runtime.spec.PodLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** How much of huge pages a container that runs may use, which the {@code update} of runc leaves out. */
public final class HugePageLimits {

    /** Version 1 has a number for no limit, which depends on the size of pages. */
    private static final long UNLIMITED = 1L << 60;

    private final Path group;
    private final String file;
    private final Map<String, Long> limits;

    HugePageLimits(Path group, String file, Map<String, Long> limits) {
        this.group = group;
        this.file = file;
        this.limits = limits;
        limits.keySet().forEach(size -> {
            if (!Files.exists(used(size))) {
                throw new HostException("cannot limit huge pages of " + size + ": the host has none");
            }
        });
    }

    /**
     * Those of a container; none where the host cannot limit huge pages.
     *
     * @param pid of the container's first process
     * @throws HostException when the host has no huge pages of a size
     */
    public static HugePageLimits of(String container, int pid, PodLimits limits) {
        boolean unified = CgroupHierarchy.isUnified();
        Path group = ContainerGroups.of(container, pid).get(unified ? "" : "hugetlb");
        boolean can = group != null && CgroupHierarchy.has("hugetlb");
        return new HugePageLimits(group, unified ? "max" : "limit_in_bytes", can ? limits.hugePages() : Map.of());
    }

    private Path used(String size) {
        return group.resolve("hugetlb." + size + "." + file);
    }

    /** Returns when the limits hold. */
    public void apply() {
        limits.forEach((size, limit) -> {
            write(used(size), limit);
            // A program reserves pages before it uses them. Runc limits that too, crun does not.
            Path reserved = group.resolve("hugetlb." + size + ".rsvd." + file);
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
