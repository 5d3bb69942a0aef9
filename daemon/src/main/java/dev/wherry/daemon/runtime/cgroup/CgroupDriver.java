package dev.wherry.daemon.runtime.cgroup;

import dev.wherry.daemon.error.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Who makes control groups: the OCI runtime itself, or systemd, which on its hosts owns the hierarchy of version 2. */
public enum CgroupDriver {
    CGROUPFS,
    SYSTEMD;

    private static final Path SYSTEMD_RUNS = Path.of("/run/systemd/system");

    /** The driver that suits this host. */
    public static CgroupDriver ofHost() {
        return CgroupHierarchy.isUnified() && Files.isDirectory(SYSTEMD_RUNS) ? SYSTEMD : CGROUPFS;
    }

    /** What tells the OCI runtime, and conmon too. */
    public List<String> flags() {
        return this == SYSTEMD ? List.of("--systemd-cgroup") : List.of();
    }

    /** @throws InvalidInputException when there can be no such parent group */
    public void checkParent(String parent) {
        if (parent.isEmpty()) {
            return;
        }
        boolean right = this == SYSTEMD
                ? parent.endsWith(".slice") && !parent.contains("/")
                : parent.chars().noneMatch(c -> c < ' ')
                        && !Path.of(parent).normalize().startsWith("..");
        if (!right) {
            throw new InvalidInputException("cgroup parent " + parent + ": "
                    + (this == SYSTEMD ? "name a slice of systemd, as my.slice" : "not a path of a control group"));
        }
    }
}
