package dev.wherry.daemon.volume;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.error.ForbiddenException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What of the host a caller may have mounted by a volume, who does not own the host: paths that the configuration lists,
 * and memory. Devices, and file systems of other hosts, are the administrator's.
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
            // The device is looked up by its path each time, through whatever links are below a listed path by then.
            Path path = Path.of(device).normalize();
            if (!caller.hostFolder(path).equals(Optional.of(path))) {
                throw forbidden(path);
            }
        } else if (!type.equals("tmpfs") || !OF_MEMORY.containsAll(flags)) {
            caller.requireHost("a volume of " + (device.isEmpty() ? "such options" : device));
        }
    }

    /** What a caller is told who may not have a path of the host mounted. */
    public static ForbiddenException forbidden(Path path) {
        Caller caller = Caller.current();
        return new ForbiddenException(
                "operator-paths",
                "permission denied: " + caller.name() + " has the role " + caller.role() + ", which may not mount "
                        + path
                        + " of the host: an administrator can allow it by \"operator-paths\" in wherryd.yaml");
    }
}
