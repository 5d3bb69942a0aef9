package dev.wherry.daemon.runtime.conmon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The control group that systemd keeps this daemon in. */
final class OwnCgroup {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final String SYSTEMD = "name=systemd";

    private OwnCgroup() {}

    /** The other processes in it. */
    static List<Integer> processes() {
        try {
            Optional<Path> group = folder(Files.readAllLines(Path.of("/proc/self/cgroup")), ROOT);
            if (group.isEmpty()) {
                return List.of();
            }
            int self = (int) ProcessHandle.current().pid();
            return Files.readAllLines(group.get().resolve("cgroup.procs")).stream()
                    .map(Integer::valueOf)
                    .filter(pid -> pid != self && pid != 0)
                    .toList();
        } catch (IOException unknown) {
            return List.of();
        }
    }

    /** Of the hierarchy that systemd uses: the one of version 2, or its own of version 1; empty for the topmost group. */
    static Optional<Path> folder(List<String> cgroups, Path root) {
        Optional<Path> found = Optional.empty();
        for (String line : cgroups) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3 || fields[2].equals("/")) {
                continue;
            }
            if (fields[1].equals(SYSTEMD)) {
                return Optional.of(root.resolve("systemd").resolve(fields[2].substring(1)));
            }
            if (fields[1].isEmpty()) {
                found = Optional.of(root.resolve(fields[2].substring(1)));
            }
        }
        return found;
    }
}
