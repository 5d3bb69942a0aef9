package dev.wherry.daemon.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Options as mount(8) takes them after {@code -o}, in the form that mount(2) takes.
 *
 * @param flags {@code MS_*} of the mount
 * @param propagation {@code MS_PRIVATE} and the like, which mount(2) sets in a call of its own; 0 for none
 * @param data what only the type of file system knows
 */
public record MountOptions(int flags, int propagation, String data) {

    private static final int BIND = 4096;

    /** What a bind mount takes from its source unless it is mounted anew: read-only, nosuid, nodev, noexec, times. */
    private static final int IGNORED_BY_BIND = 1 | 2 | 4 | 8 | 1024 | 2048 | 1 << 21;

    private static final Map<String, Integer> SET = Map.ofEntries(
            Map.entry("ro", 1),
            Map.entry("nosuid", 2),
            Map.entry("nodev", 4),
            Map.entry("noexec", 8),
            Map.entry("sync", 16),
            Map.entry("remount", 32),
            Map.entry("mand", 64),
            Map.entry("dirsync", 128),
            Map.entry("noatime", 1024),
            Map.entry("nodiratime", 2048),
            Map.entry("bind", BIND),
            Map.entry("rbind", BIND | 16384),
            Map.entry("relatime", 1 << 21),
            Map.entry("strictatime", 1 << 24));

    private static final Map<String, Integer> CLEARED = Map.of(
            "rw", 1,
            "suid", 2,
            "dev", 4,
            "exec", 8,
            "async", 16,
            "nomand", 64,
            "atime", 1024,
            "diratime", 2048,
            "norelatime", 1 << 21,
            "nostrictatime", 1 << 24);

    private static final Map<String, Integer> PROPAGATIONS = Map.of(
            "unbindable",
            1 << 17,
            "runbindable",
            1 << 17 | 16384,
            "private",
            1 << 18,
            "rprivate",
            1 << 18 | 16384,
            "slave",
            1 << 19,
            "rslave",
            1 << 19 | 16384,
            "shared",
            1 << 20,
            "rshared",
            1 << 20 | 16384);

    /** Reads options with commas between them. */
    public static MountOptions parse(String options) {
        int flags = 0;
        int propagation = 0;
        List<String> data = new ArrayList<>();
        for (String option : options.split(",")) {
            if (SET.containsKey(option)) {
                flags |= SET.get(option);
            } else if (CLEARED.containsKey(option)) {
                flags &= ~CLEARED.get(option);
            } else if (PROPAGATIONS.containsKey(option)) {
                propagation |= PROPAGATIONS.get(option);
            } else if (!option.isEmpty() && !option.equals("defaults")) {
                data.add(option);
            }
        }
        return new MountOptions(flags, propagation, String.join(",", data));
    }

    /** Whether flags take effect only if the bind mount is mounted anew. */
    boolean restrictsBind() {
        return (flags & BIND) != 0 && (flags & IGNORED_BY_BIND) != 0;
    }
}
