package dev.wherry.daemon.runtime.spec;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.runtime.spec.Isolation.GroupPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Who a process runs as, looked up in a root file system's own {@code /etc/passwd} and {@code /etc/group}. Both files
 * are an image's and may hold anything.
 *
 * @param groups all groups: without the main one among them, a program could leave it and so get round a file mode that
 *     denies it something
 */
public record ContainerUser(int uid, int gid, List<Integer> groups, String home) {

    private static final int LARGEST_FILE = 4 << 20;

    /**
     * @param user "user[:group]", each by name or number; empty for root
     * @throws StartException when a name is not known there, or a number is out of range
     */
    public static ContainerUser resolve(Path rootfs, String user) {
        return resolve(rootfs, user, List.of(), GroupPolicy.OF_IMAGE_UNLESS_GIVEN);
    }

    /** @param more supplementary groups by name or number */
    public static ContainerUser resolve(Path rootfs, String user, List<String> more) {
        return resolve(rootfs, user, more, GroupPolicy.OF_IMAGE_UNLESS_GIVEN);
    }

    /** As above, with other groups of the image than docker has. */
    public static ContainerUser resolve(Path rootfs, String user, List<String> more, GroupPolicy policy) {
        ContainerUser resolved = named(rootfs, user, policy);
        if (more.isEmpty() && policy != GroupPolicy.NONE) {
            return resolved;
        }
        Set<Integer> groups =
                new LinkedHashSet<>(policy == GroupPolicy.NONE ? List.of(resolved.gid()) : resolved.groups());
        more.forEach(group -> groups.add(group(rootfs, group)));
        return new ContainerUser(resolved.uid(), resolved.gid(), List.copyOf(groups), resolved.home());
    }

    private static ContainerUser named(Path rootfs, String user, GroupPolicy policy) {
        String[] parts = user.split(":", 2);
        String name = parts[0].isEmpty() ? "0" : parts[0];
        List<String[]> passwd = read(rootfs, "/etc/passwd", 7);
        OptionalInt number = number(name);
        Optional<String[]> entry = passwd.stream()
                .filter(line -> line[0].equals(name)
                        || number.isPresent() && number(line[2]).equals(number))
                .findFirst();
        if (entry.isEmpty() && number.isEmpty()) {
            throw unknown("user", name, "/etc/passwd");
        }
        int uid = entry.map(line -> number(line[2]))
                .orElse(number)
                .orElseThrow(() -> unknown("user", name, "/etc/passwd"));
        String home = entry.map(line -> line[5]).filter(path -> !path.isEmpty()).orElse("/");
        if (parts.length == 2 && !parts[1].isEmpty()) {
            int gid = group(rootfs, parts[1]);
            return new ContainerUser(
                    uid, gid, policy == GroupPolicy.OF_IMAGE ? memberships(rootfs, entry, gid) : List.of(gid), home);
        }
        int gid = entry.map(line -> number(line[3])).orElse(OptionalInt.of(0)).orElse(0);
        return new ContainerUser(uid, gid, memberships(rootfs, entry, gid), home);
    }

    private static int group(Path rootfs, String group) {
        OptionalInt number = number(group);
        return read(rootfs, "/etc/group", 4).stream()
                .filter(line -> line[0].equals(group))
                .map(line -> number(line[2]))
                .findFirst()
                .orElse(number)
                .orElseThrow(() -> unknown("group", group, "/etc/group"));
    }

    private static List<Integer> memberships(Path rootfs, Optional<String[]> entry, int gid) {
        List<Integer> groups = new ArrayList<>(List.of(gid));
        if (entry.isPresent()) {
            for (String[] line : read(rootfs, "/etc/group", 4)) {
                OptionalInt group = number(line[2]);
                if (group.isPresent()
                        && group.getAsInt() != gid
                        && List.of(line[3].split(",")).contains(entry.get()[0])) {
                    groups.add(group.getAsInt());
                }
            }
        }
        return groups;
    }

    private static OptionalInt number(String text) {
        try {
            int value = Integer.parseInt(text);
            return value < 0 ? OptionalInt.empty() : OptionalInt.of(value);
        } catch (NumberFormatException name) {
            return OptionalInt.empty();
        }
    }

    /**
     * The well-formed lines, split at colons; nothing when there is no such file. Programs may run there and change what
     * leads to the file: the kernel looks it up with the root file system as its root.
     */
    private static List<String[]> read(Path rootfs, String file, int fields) {
        List<String[]> lines = new ArrayList<>();
        try (Handle root = Handle.folder(rootfs)) {
            Optional<Handle> found = root.resolve(Path.of(file), true);
            if (found.isEmpty()) {
                return List.of();
            }
            for (String line : text(found.get(), file).split("\n")) {
                String[] split = line.strip().split(":", -1);
                if (split.length >= fields) {
                    lines.add(split);
                }
            }
            return lines;
        } catch (ClosedByInterruptException interruption) {
            throw new CancelledException("cancelled", interruption);
        } catch (IOException failure) {
            throw new StartException(
                    ExitCode.RUNTIME_FAILED, "cannot read the container's " + file + ": " + failure.getMessage());
        }
    }

    private static String text(Handle file, String name) throws IOException {
        try (file) {
            if (!file.status().isRegular()) {
                return "";
            }
            try (InputStream in = Channels.newInputStream(file.read())) {
                byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
                if (bytes.length > LARGEST_FILE) {
                    throw new StartException(
                            ExitCode.RUNTIME_FAILED, "the container's " + name + " is larger than 4 MiB");
                }
                return new String(bytes, StandardCharsets.UTF_8);
            }
        }
    }

    private static StartException unknown(String kind, String name, String file) {
        return new StartException(ExitCode.RUNTIME_FAILED, "unable to find " + kind + " \"" + name + "\" in " + file);
    }
}
