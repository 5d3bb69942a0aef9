package dev.wherry.daemon.runtime.spec;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** One file of the Container Device Interface. JSON is read as the YAML that it is as well. */
record CdiSpec(List<Device> devices) {

    private static final Set<String> HOOKS =
            Set.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop");

    private static final int LARGEST = 1 << 20;

    /**
     * A device.
     *
     * @param name qualified by vendor and class
     * @param common what the file says of all its devices
     */
    record Device(Path file, String name, Map<String, String> annotations, Edits common, Edits own) {}

    /** Edits as they are written, since the devices they name are looked at when they are used. */
    record Edits(Path file, Map<?, ?> written) {

        CdiEdits edits() {
            List<CdiEdits.Node> nodes = new ArrayList<>();
            for (Map<?, ?> node : maps(written, "deviceNodes")) {
                nodes.add(node(node));
            }
            List<CdiEdits.Mount> mounts = new ArrayList<>();
            for (Map<?, ?> mount : maps(written, "mounts")) {
                String type = text(mount, "type");
                mounts.add(new CdiEdits.Mount(
                        text(mount, "hostPath"),
                        text(mount, "containerPath"),
                        type.isEmpty() ? "bind" : type,
                        texts(mount, "options")));
            }
            Map<String, List<CdiEdits.Hook>> hooks = new HashMap<>();
            for (Map<?, ?> hook : maps(written, "hooks")) {
                String time = text(hook, "hookName");
                if (!HOOKS.contains(time)) {
                    throw new InvalidInputException(file + ": there is no hook \"" + time + "\"");
                }
                hooks.computeIfAbsent(time, _ -> new ArrayList<>())
                        .add(new CdiEdits.Hook(
                                text(hook, "path"),
                                texts(hook, "args"),
                                texts(hook, "env"),
                                number(hook, "timeout", 0)));
            }
            List<Integer> groups = list(written, "additionalGids").stream()
                    .filter(Number.class::isInstance)
                    .map(group -> ((Number) group).intValue())
                    .filter(group -> group != 0)
                    .toList();
            return new CdiEdits(texts(written, "env"), nodes, mounts, hooks, groups);
        }

        private CdiEdits.Node node(Map<?, ?> node) {
            String path = text(node, "path");
            String hostPath = text(node, "hostPath");
            Path host = Path.of(hostPath.isEmpty() ? path : hostPath);
            try {
                FileStatus status = Inodes.status(host.toRealPath());
                boolean block = status.type() == FileStatus.BLOCK;
                String type = text(node, "type");
                String permissions = text(node, "permissions");
                return new CdiEdits.Node(
                        path,
                        !type.isEmpty() ? type : block ? "b" : status.type() == FileStatus.FIFO ? "p" : "c",
                        number(node, "major", status.major()),
                        number(node, "minor", status.minor()),
                        number(node, "fileMode", status.permissions()),
                        number(node, "uid", 0),
                        number(node, "gid", 0),
                        permissions.isEmpty() ? "rwm" : permissions);
            } catch (IOException absent) {
                throw new InvalidInputException(file + ": the device node " + host + " is not there");
            }
        }
    }

    /** @throws InvalidInputException when the file is malformed */
    static CdiSpec read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new InvalidInputException(file + " is larger than 1 MiB");
        }
        Object loaded;
        try {
            loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        } catch (YAMLException | java.nio.charset.CharacterCodingException malformed) {
            throw new InvalidInputException(file + " is malformed: "
                    + String.valueOf(malformed.getMessage()).lines().findFirst().orElse(""));
        }
        if (!(loaded instanceof Map<?, ?> spec) || !text(spec, "kind").matches("[^/=]+/[^/=]+")) {
            throw new InvalidInputException(file + " has no kind of the form vendor.com/class");
        }
        Edits common = new Edits(file, map(spec, "containerEdits"));
        List<Device> devices = new ArrayList<>();
        for (Map<?, ?> device : maps(spec, "devices")) {
            Map<String, String> annotations = new HashMap<>();
            map(spec, "annotations").forEach((key, value) -> annotations.put(key.toString(), String.valueOf(value)));
            map(device, "annotations").forEach((key, value) -> annotations.put(key.toString(), String.valueOf(value)));
            devices.add(new Device(
                    file,
                    text(spec, "kind") + "=" + text(device, "name"),
                    annotations,
                    common,
                    new Edits(file, map(device, "containerEdits"))));
        }
        return new CdiSpec(devices);
    }

    private static Map<?, ?> map(Map<?, ?> from, String key) {
        return from.get(key) instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(Map<?, ?> from, String key) {
        return from.get(key) instanceof List<?> list ? list : List.of();
    }

    private static List<Map<?, ?>> maps(Map<?, ?> from, String key) {
        List<Map<?, ?>> maps = new ArrayList<>();
        list(from, key).forEach(entry -> {
            if (entry instanceof Map<?, ?> map) {
                maps.add(map);
            }
        });
        return maps;
    }

    private static List<String> texts(Map<?, ?> from, String key) {
        return list(from, key).stream().map(String::valueOf).toList();
    }

    private static String text(Map<?, ?> from, String key) {
        Object value = from.get(key);
        return value == null ? "" : value.toString();
    }

    private static int number(Map<?, ?> from, String key, int usual) {
        return from.get(key) instanceof Number number ? number.intValue() : usual;
    }
}
