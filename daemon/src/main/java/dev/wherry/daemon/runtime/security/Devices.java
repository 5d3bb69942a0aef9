package dev.wherry.daemon.runtime.security;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.runtime.spec.CdiEdits;
import dev.wherry.daemon.runtime.spec.DefaultSpec;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.Isolation.Device;
import dev.wherry.daemon.runtime.spec.RuntimeSpec;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.DeviceRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Device nodes that a container gets besides the harmless ones, and which devices it may open. */
public final class Devices {

    private static final Pattern PERMISSIONS = Pattern.compile("[rwm]{1,3}");
    private static final Pattern RULE = Pattern.compile("([acb]) ([0-9]{1,9}|\\*):([0-9]{1,9}|\\*) ([rwm]{1,3})");
    private static final int DEEPEST = 16;
    /** Folders below /dev that are file systems of their own, or lead elsewhere. */
    private static final Set<String> LEFT_OUT =
            Set.of("pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev", "hugepages");

    private Devices() {}

    /** A node to make, and the rule that lets it be opened. */
    private record Node(RuntimeSpec.Device device, DeviceRule rule) {}

    /** @throws InvalidInputException when a device is not there or is none, or a rule is malformed */
    public static void check(Isolation isolation) {
        given(isolation);
        rules(isolation);
    }

    /** Null when there are none but the usual ones. */
    public static List<RuntimeSpec.Device> nodes(Isolation isolation, CdiEdits devices) {
        List<Node> nodes = new ArrayList<>(isolation.privileged() ? all() : given(isolation));
        devices.nodes().forEach(node -> nodes.add(node(node)));
        return nodes.isEmpty() ? null : nodes.stream().map(Node::device).toList();
    }

    /** Who may open what, later rules over earlier ones. */
    public static List<DeviceRule> access(Isolation isolation, boolean all, CdiEdits devices) {
        if (all || isolation.privileged()) {
            return List.of(new DeviceRule(true, null, null, null, "rwm"));
        }
        if (isolation.devices().isEmpty()
                && isolation.deviceRules().isEmpty()
                && devices.nodes().isEmpty()) {
            return DefaultSpec.DEVICES;
        }
        List<DeviceRule> rules = new ArrayList<>(DefaultSpec.DEVICES);
        given(isolation).forEach(node -> rules.add(node.rule()));
        rules.addAll(rules(isolation));
        devices.nodes().forEach(node -> rules.add(node(node).rule()));
        return rules;
    }

    private static Node node(CdiEdits.Node node) {
        return new Node(
                new RuntimeSpec.Device(
                        node.path(), node.type(), node.major(), node.minor(), node.fileMode(), node.uid(), node.gid()),
                new DeviceRule(true, node.type(), (long) node.major(), (long) node.minor(), node.permissions()));
    }

    private static List<DeviceRule> rules(Isolation isolation) {
        List<DeviceRule> rules = new ArrayList<>();
        for (String text : isolation.deviceRules()) {
            Matcher rule = RULE.matcher(text);
            if (!rule.matches()) {
                throw new InvalidInputException("device cgroup rule \"" + text
                        + "\": write a type, numbers and permissions, as \"c 42:* rmw\"");
            }
            rules.add(new DeviceRule(true, rule.group(1), number(rule.group(2)), number(rule.group(3)), rule.group(4)));
        }
        return rules;
    }

    /** Null for any. */
    private static Long number(String text) {
        return text.equals("*") ? null : Long.valueOf(text);
    }

    private static List<Node> given(Isolation isolation) {
        List<Node> nodes = new ArrayList<>();
        for (Device device : isolation.devices()) {
            nodes.addAll(given(device));
        }
        return nodes;
    }

    private static List<Node> given(Device device) {
        String permissions = device.permissions().isEmpty() ? "rwm" : device.permissions();
        if (!PERMISSIONS.matcher(permissions).matches()) {
            throw wrong(device, "the permissions \"" + permissions + "\" are not made of r, w and m");
        }
        Path inside = Path.of(device.containerPath().isEmpty() ? device.hostPath() : device.containerPath());
        if (!inside.isAbsolute() || !device.hostPath().startsWith("/")) {
            throw wrong(device, "both paths must be absolute");
        }
        try {
            Path real = Path.of(device.hostPath()).toRealPath();
            List<Node> nodes = new ArrayList<>();
            if (Files.isDirectory(real)) {
                collect(real, inside, permissions, nodes, DEEPEST);
            } else {
                node(real, inside, permissions).ifPresent(nodes::add);
            }
            if (nodes.isEmpty()) {
                throw wrong(device, "it is no device on the daemon's host");
            }
            return nodes;
        } catch (IOException absent) {
            throw wrong(device, "it is not there on the daemon's host");
        }
    }

    private static InvalidInputException wrong(Device device, String what) {
        return new InvalidInputException("device " + device.hostPath() + ": " + what);
    }

    /** All devices of the host. */
    private static List<Node> all() {
        List<Node> nodes = new ArrayList<>();
        Path dev = Path.of("/dev");
        try {
            collect(dev, dev, "rwm", nodes, DEEPEST);
        } catch (IOException failure) {
            throw new InvalidInputException(
                    "privileged container: cannot list the host's devices: " + failure.getMessage());
        }
        return nodes;
    }

    private static void collect(Path folder, Path inside, String permissions, List<Node> nodes, int depth)
            throws IOException {
        for (Path entry : FileTrees.list(folder)) {
            Path name = entry.getFileName();
            Optional<FileStatus> status = Inodes.find(entry);
            if (status.isEmpty()) {
                continue;
            }
            if (status.get().isDirectory() && depth > 0 && !LEFT_OUT.contains(name.toString())) {
                collect(entry, inside.resolve(name), permissions, nodes, depth - 1);
            } else if (!name.toString().equals("console")) {
                node(entry, inside.resolve(name), permissions).ifPresent(nodes::add);
            }
        }
    }

    private static Optional<Node> node(Path host, Path inside, String permissions) throws IOException {
        FileStatus status = Inodes.status(host);
        boolean block = status.type() == FileStatus.BLOCK;
        if (!block && status.type() != FileStatus.CHARACTER) {
            return Optional.empty();
        }
        String type = block ? "b" : "c";
        return Optional.of(new Node(
                new RuntimeSpec.Device(
                        inside.toString(),
                        type,
                        status.major(),
                        status.minor(),
                        status.permissions(),
                        status.uid(),
                        status.gid()),
                new DeviceRule(true, type, (long) status.major(), (long) status.minor(), permissions)));
    }
}
