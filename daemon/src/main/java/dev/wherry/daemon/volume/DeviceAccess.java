package dev.wherry.daemon.volume;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.error.ForbiddenException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * What of the host a caller may have mounted, who does not own the host: paths that the configuration lists, by a volume
 * or by a bind mount, and memory. Devices, and file systems of other hosts, are the administrator's.
 */
public final class DeviceAccess {

    private static final Set<String> BINDS = Set.of("bind", "rbind");
    private static final Set<String> OF_MEMORY =
            Set.of("size", "mode", "uid", "gid", "nosuid", "nodev", "noexec", "ro");

    private DeviceAccess() {}

    /**
     * The caller may use a volume with these options of its driver.
     *
     * @throws ForbiddenException when not
     */
    public static void check(Map<String, String> options) {
        Caller caller = Caller.current();
        if (caller.ownsHost() || options.isEmpty()) {
            return;
        }
        String type = options.getOrDefault("type", "");
        String device = options.getOrDefault("device", "");
        Set<String> flags = Set.of(Arrays.stream(options.getOrDefault("o", "").split(","))
                .map(flag -> flag.split("=", 2)[0].strip())
                .filter(flag -> !flag.isEmpty())
                .distinct()
                .toArray(String[]::new));
        if (flags.stream().anyMatch(BINDS::contains)) {
            checkHostPath(Path.of(device).normalize());
        } else if (!type.equals("tmpfs") || !OF_MEMORY.containsAll(flags)) {
            caller.requireHost("a volume of " + (device.isEmpty() ? "such options" : device));
        }
    }

    /**
     * The caller may have a path of the host mounted.
     *
     * @throws ForbiddenException when not
     */
    public static void checkHostPath(Path path) {
        Caller caller = Caller.current();
        if (!caller.mayMount(path)) {
            throw new ForbiddenException(
                    "operator-paths",
                    "permission denied: " + caller.name() + " has the role " + caller.role() + ", which may not mount "
                            + path
                            + " of the host: an administrator can allow it by \"operator-paths\" in wherryd.yaml");
        }
    }
}
