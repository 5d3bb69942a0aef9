package dev.wherry.daemon.runtime.cgroup;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.host.systemd.SystemdBus;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.metadata.Layout;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The control groups of this daemon: {@code /wherry/<daemon>/<container>} in every hierarchy, or a scope
 * {@code wherry-<daemon>-<container>} of systemd's, where the daemon is named after its run root, so that several on one
 * host never touch each other's.
 */
public final class Cgroups {

    private static final int SHORT = 8;

    private static final String SLICE = SystemdBus.SLICE;
    private static final String SCOPE = ".scope";
    private static final String MEMORY_EVENTS = "memory.events";

    private final CgroupDriver driver;
    private final String parent;

    public Cgroups(Layout layout, CgroupDriver driver) {
        this.driver = driver;
        String name =
                Digest.sha256(layout.runRoot().toAbsolutePath().toString()).hex();
        this.parent = "wherry/" + name.substring(0, SHORT);
    }

    /** What the runtime spec calls {@code cgroupsPath}. */
    public String path(String id) {
        return path(id, "");
    }

    /** As above, within another group than the daemon's own when that is not empty. */
    public String path(String id, String within) {
        return switch (driver) {
            case CGROUPFS ->
                within.isEmpty()
                        ? "/" + parent + "/" + id
                        : Path.of("/", within, id).normalize().toString();
            case SYSTEMD -> (within.isEmpty() ? SLICE : within) + ":" + unit() + ":" + id;
        };
    }

    /** The scope of systemd that holds the supervisors of a container. */
    public String supervisorScope(String id) {
        return "wherry-conmon-" + parent.substring(parent.indexOf('/') + 1) + "-" + id + SCOPE;
    }

    private String unit() {
        return parent.replace('/', '-');
    }

    /** Whether what ran in the groups of a container, which are still there, was killed since memory ran out. */
    public boolean ranOutOfMemory(String id, String within) {
        String group = group(id, within);
        return ranOutOfMemory(
                CgroupHierarchy.isUnified()
                        ? CgroupHierarchy.ROOT.resolve(group).resolve(MEMORY_EVENTS)
                        : CgroupHierarchy.ROOT.resolve("memory").resolve(group).resolve("memory.oom_control"));
    }

    /** Whether the counts of a group's memory say that the kernel has killed a process of it. */
    public static boolean ranOutOfMemory(Path counts) {
        return CgroupHierarchy.read(counts)
                .lines()
                .anyMatch(line -> line.startsWith("oom_kill ") && !line.endsWith(" 0"));
    }

    /**
     * The counts of the memory of a container whose groups systemd removes as soon as they are empty; empty where this
     * daemon removes them.
     */
    public Optional<Path> countsOfScope(String id, String within) {
        return driver == CgroupDriver.SYSTEMD && CgroupHierarchy.isUnified()
                ? Optional.of(CgroupHierarchy.ROOT.resolve(scope(id, within)).resolve(MEMORY_EVENTS))
                : Optional.empty();
    }

    /** Path within a hierarchy. */
    private String group(String id, String within) {
        return switch (driver) {
            case CGROUPFS -> path(id, within).substring(1);
            case SYSTEMD -> scope(id, within);
        };
    }

    private String scope(String id, String within) {
        return slice(within.isEmpty() ? SLICE : within) + "/" + unit() + "-" + id + SCOPE;
    }

    /** Where systemd keeps a slice: {@code a-b.slice} is within {@code a.slice}. */
    static String slice(String name) {
        StringBuilder path = new StringBuilder();
        String stem = name.substring(0, name.length() - ".slice".length());
        for (int dash = stem.indexOf('-'); dash > 0; dash = stem.indexOf('-', dash + 1)) {
            path.append(stem, 0, dash).append(".slice/");
        }
        return path.append(name).toString();
    }

    /** Kills what is in groups of other containers than these, and removes the groups. */
    public void removeExcept(Set<String> ids, String prefix) throws IOException {
        for (Path hierarchy : CgroupHierarchy.hierarchies()) {
            for (Path group : groups(hierarchy)) {
                String id = id(group);
                if (id.startsWith(prefix) && !ids.contains(id)) {
                    remove(group);
                }
            }
        }
    }

    /** Kills what is in the groups of one container, and removes them; nothing there is fine. */
    public void remove(String id) throws IOException {
        remove(id, "");
    }

    /** As above, of groups within another one than the daemon's own when that is not empty. */
    public void remove(String id, String within) throws IOException {
        for (Path hierarchy : CgroupHierarchy.hierarchies()) {
            Path group = hierarchy.resolve(group(id, within));
            if (Files.exists(group)) {
                remove(group);
            }
        }
    }

    /** Those of this daemon's containers in a hierarchy. */
    private List<Path> groups(Path hierarchy) throws IOException {
        return switch (driver) {
            case CGROUPFS -> folders(hierarchy.resolve(parent));
            case SYSTEMD ->
                folders(hierarchy.resolve(SLICE)).stream()
                        .filter(group -> group.getFileName().toString().startsWith(unit() + "-")
                                && group.getFileName().toString().endsWith(SCOPE))
                        .toList();
        };
    }

    private String id(Path group) {
        String name = group.getFileName().toString();
        return driver == CgroupDriver.CGROUPFS
                ? name
                : name.substring(unit().length() + 1, name.length() - SCOPE.length());
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
