package dev.wherry.daemon.runtime.spec;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Logger;

/**
 * The devices of this host that the Container Device Interface describes (CDI specification): JSON or YAML files in a few
 * folders, of which later ones go before earlier ones. They are read when a step asks for a device, so that a driver can
 * be installed while the daemon runs.
 */
public final class CdiDevices {

    private static final Logger LOG = Logger.getLogger(CdiDevices.class.getName());

    /** The folders that BuildKit reads. */
    private static final List<Path> FOLDERS =
            List.of(Path.of("/etc/cdi"), Path.of("/var/run/cdi"), Path.of("/etc/buildkit/cdi"));

    private static final String CLASS = "org.mobyproject.buildkit.device.class";
    private static final String AUTO_ALLOW = "org.mobyproject.buildkit.device.autoallow";

    /** By qualified name, {@code vendor.com/class=name}. */
    private final TreeMap<String, CdiSpec.Device> devices = new TreeMap<>();

    private CdiDevices(List<Path> folders) {
        folders.forEach(this::read);
    }

    /** Those of this host. */
    public static CdiDevices ofHost() {
        return new CdiDevices(FOLDERS);
    }

    static CdiDevices in(List<Path> folders) {
        return new CdiDevices(folders);
    }

    private void read(Path folder) {
        try {
            for (Path file : Files.isDirectory(folder) ? FileTrees.list(folder) : List.<Path>of()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".json") || name.endsWith(".yaml") || name.endsWith(".yml")) {
                    add(file);
                }
            }
        } catch (IOException unreadable) {
            LOG.warning("CDI: cannot list " + folder + ": " + unreadable.getMessage());
        }
    }

    /** A file that is malformed does not keep the others from counting. */
    private void add(Path file) {
        try {
            CdiSpec.read(file).devices().forEach(device -> devices.put(device.name(), device));
        } catch (IOException | InvalidInputException unreadable) {
            LOG.warning("CDI: " + unreadable.getMessage());
        }
    }

    /**
     * What a name asks for, as BuildKit reads it: a device by its whole name, the first or ({@code =*}) every device of a
     * kind, or all devices of a class.
     *
     * @return names of devices; none when nothing fits
     */
    public List<String> find(String asked) {
        int equals = asked.indexOf('=');
        String kind = equals < 0 ? asked : asked.substring(0, equals);
        String name = equals < 0 ? "" : asked.substring(equals + 1);
        List<String> found = new ArrayList<>();
        if (kind.indexOf('/') > 0) {
            for (String device : devices.keySet()) {
                boolean ofKind = device.startsWith(kind + "=");
                if (ofKind && (name.equals("*") || name.isEmpty() && found.isEmpty()) || device.equals(asked)) {
                    found.add(device);
                }
            }
        }
        if (found.isEmpty()) {
            devices.values().stream()
                    .filter(device -> asked.equals(device.annotations().get(CLASS)))
                    .forEach(device -> found.add(device.name()));
        }
        return found;
    }

    /**
     * What devices change, each of which must be there.
     *
     * @throws InvalidInputException when the host has no device of a name
     */
    public static CdiEdits required(List<String> names) {
        if (names.isEmpty()) {
            return CdiEdits.NONE;
        }
        CdiDevices host = ofHost();
        for (String name : names) {
            if (!host.devices.containsKey(name)) {
                throw new InvalidInputException(
                        "the device " + name + " is not there: CDI describes none of that name");
            }
        }
        return host.edits(names);
    }

    /** Whether the host's administrator lets every build have a device. */
    public boolean isAllowed(String device) {
        String value = Optional.ofNullable(devices.get(device))
                .map(found -> found.annotations().getOrDefault(AUTO_ALLOW, ""))
                .orElse("");
        return value.matches("1|t|T|true|TRUE|True");
    }

    /**
     * What devices change together; what a file says of all its devices once.
     *
     * @throws InvalidInputException when a device node is not there
     */
    public CdiEdits edits(List<String> names) {
        Map<Path, Set<CdiSpec.Device>> byFile = new LinkedHashMap<>();
        for (String name : names) {
            CdiSpec.Device device = devices.get(name);
            byFile.computeIfAbsent(device.file(), _ -> new LinkedHashSet<>()).add(device);
        }
        CdiEdits edits = CdiEdits.NONE;
        for (Set<CdiSpec.Device> ofFile : byFile.values()) {
            edits = edits.and(ofFile.iterator().next().common().edits());
            for (CdiSpec.Device device : ofFile) {
                edits = edits.and(device.own().edits());
            }
        }
        return edits;
    }
}
