package dev.wherry.daemon.runtime;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.metadata.Layout;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The control groups of this daemon: {@code /wherry/<daemon>/<container>} in every hierarchy, where the daemon is named
 * after its run root, so that several on one host never touch each other's.
 */
public final class Cgroups {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final int SHORT = 8;

    private final String parent;

    public Cgroups(Layout layout) {
        String name =
                Digest.sha256(layout.runRoot().toAbsolutePath().toString()).hex();
        this.parent = "wherry/" + name.substring(0, SHORT);
    }

    /** What the runtime spec calls {@code cgroupsPath}. */
    public String path(String id) {
        return "/" + parent + "/" + id;
    }

    /** Kills what is in groups of other containers than these, and removes the groups. */
    public void removeExcept(Set<String> ids, String prefix) throws IOException {
        for (Path hierarchy : hierarchies()) {
            for (Path group : folders(hierarchy.resolve(parent))) {
                String id = group.getFileName().toString();
                if (id.startsWith(prefix) && !ids.contains(id)) {
                    remove(group);
                }
            }
        }
    }

    /** Kills what is in the groups of one container, and removes them; nothing there is fine. */
    public void remove(String id) throws IOException {
        for (Path hierarchy : hierarchies()) {
            Path group = hierarchy.resolve(parent).resolve(id);
            if (Files.exists(group)) {
                remove(group);
            }
        }
    }

    /** The one of version 2, or each mounted one of version 1. */
    private static List<Path> hierarchies() throws IOException {
        return Files.exists(ROOT.resolve("cgroup.procs")) ? List.of(ROOT) : folders(ROOT);
    }

    private static void remove(Path group) throws IOException {
        for (Path below : folders(group)) {
            remove(below);
        }
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
                    if (!pid.equals("0")) {
                        Processes.kill(Integer.parseInt(pid), Processes.SIGKILL);
                    }
                }
                Files.delete(group);
                return;
            } catch (NoSuchFileException gone) {
                return;
            } catch (IOException stillInUse) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Path> folders(Path directory) throws IOException {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            entries.forEach(folders::add);
        } catch (NoSuchFileException none) {
            return List.of();
        }
        return folders;
    }
}
