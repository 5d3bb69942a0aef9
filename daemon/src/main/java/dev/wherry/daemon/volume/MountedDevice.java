package dev.wherry.daemon.volume;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.MountOptions;
import dev.wherry.daemon.linux.Mounts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the options of docker's driver "local" ask for: a file system that is mounted over the folder of a volume, while
 * a container uses the volume.
 *
 * @param type of the file system, such as "nfs" or "tmpfs"
 * @param device such as ":/export" or "/dev/sdb1"
 * @param options as mount(8) takes them after {@code -o}
 */
record MountedDevice(String type, String device, String options) {

    private static final Set<String> KNOWN = Set.of("type", "o", "device", "size");
    private static final Map<String, List<String>> NEEDED =
            Map.of("device", List.of("type"), "type", List.of("device"), "o", List.of("device", "type"));
    private static final Set<String> BY_NETWORK = Set.of("nfs", "nfs4", "cifs");
    private static final String ADDRESS = "addr=";

    /** @throws InvalidInputException naming the first option that is wrong */
    static void check(Map<String, String> options) {
        for (String option : options.keySet()) {
            if (!KNOWN.contains(option)) {
                throw new InvalidInputException("invalid option: \"" + option + "\": use type, o and device");
            }
        }
        if (options.containsKey("size")) {
            throw new InvalidInputException(
                    "invalid option: \"size\": there are no quotas here: use type=tmpfs with o=size=, or a file system of"
                            + " its own as the device");
        }
        NEEDED.forEach((option, needed) -> {
            if (options.containsKey(option)) {
                for (String one : needed) {
                    if (!options.containsKey(one)) {
                        throw new InvalidInputException("missing required option: \"" + one + "\"");
                    }
                }
            }
        });
    }

    static boolean isAsked(Volume volume) {
        return !volume.options().isEmpty();
    }

    static MountedDevice of(Volume volume) {
        Map<String, String> options = volume.options();
        return new MountedDevice(
                options.getOrDefault("type", ""), options.getOrDefault("device", ""), options.getOrDefault("o", ""));
    }

    /** Whether what is written is gone when the volume is not used any more. */
    boolean forgets() {
        return type.equals("tmpfs") || type.equals("ramfs");
    }

    void mount(String volume, Path target) {
        try {
            Mounts.fileSystem(device, target, type, MountOptions.parse(withAddress()));
        } catch (UnknownHostException unknown) {
            throw new HostException(
                    "error while mounting volume " + volume + ": the host " + unknown.getMessage() + " is not known",
                    unknown);
        } catch (IOException failure) {
            throw new HostException(
                    "error while mounting volume " + volume + ": failed to mount local volume: mount " + device + " ("
                            + type + (options.isEmpty() ? "" : ", " + options) + "): " + failure.getMessage(),
                    failure);
        }
    }

    /** The kernel does not look up names. */
    private String withAddress() throws UnknownHostException {
        if (!BY_NETWORK.contains(type)) {
            return options;
        }
        String[] all = options.split(",");
        for (int i = 0; i < all.length; i++) {
            if (all[i].startsWith(ADDRESS)) {
                String host = all[i].substring(ADDRESS.length());
                all[i] = ADDRESS + InetAddress.getByName(host).getHostAddress();
            }
        }
        return String.join(",", all);
    }
}
