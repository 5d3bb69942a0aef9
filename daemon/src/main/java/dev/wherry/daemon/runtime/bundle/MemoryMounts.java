package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.linux.RootedPath;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The file systems in memory that a container asked for. They are mounted on the host beside the bundle and bound into
 * the container, since OCI runtimes disagree about the mode: where the mount point exists, runc before 1.1.8 gives the
 * file system the mode of that folder even if another mode is asked for.
 *
 * <p>Without a mode a file system has the mode of the folder that it covers, and 1777 where there is none. That folder
 * is then made with mode 1777 too, so that the next start finds the same.
 */
public final class MemoryMounts {

    private static final String PREFIX = "memory-";
    private static final int OPEN_TO_ALL = 01777;

    private MemoryMounts() {}

    /** Mounts all of them in the folder of the bundle. */
    static void mount(Path bundle, Path rootfs, List<ExtraMount> mounts) throws IOException {
        for (int i = 0; i < mounts.size(); i++) {
            if (mounts.get(i) instanceof ExtraMount.Memory memory) {
                List<String> data = new ArrayList<>(memory.data());
                if (data.stream().noneMatch(option -> option.startsWith("mode="))) {
                    data.add("mode=" + Integer.toOctalString(mode(rootfs, memory, mounts)));
                }
                Path folder = Files.createDirectory(folder(bundle, i));
                Mounts.tmpfs(folder, String.join(",", data), memory.hasDevices());
            }
        }
    }

    /** Where one is mounted on the host, by its place among all mounts of the process. */
    static Path folder(Path bundle, int number) {
        return bundle.resolve(PREFIX + number);
    }

    /** Unmounts all of them; nothing there is fine. */
    public static void unmount(Path bundle) throws IOException {
        if (Files.isDirectory(bundle)) {
            for (Path file : FileTrees.list(bundle)) {
                if (file.getFileName().toString().startsWith(PREFIX)) {
                    Mounts.unmount(file);
                }
            }
        }
    }

    private static int mode(Path rootfs, ExtraMount.Memory memory, List<ExtraMount> mounts) throws IOException {
        Path target = Path.of(memory.target()).normalize();
        if (isWithinAnother(target, mounts)) {
            return OPEN_TO_ALL;
        }
        RootedPath rooted = new RootedPath(rootfs);
        Path resolved = rooted.resolve(target);
        Optional<FileStatus> covered = Inodes.find(resolved);
        if (covered.isPresent()) {
            return covered.get().permissions();
        }
        // The target may be a link: the folder is made where it leads, within the root file system.
        Path inside = Path.of("/").resolve(rootfs.relativize(resolved));
        Path parent = rooted.createDirectories(inside.getParent(), 0755, 0, 0);
        Path folder = Files.createDirectory(parent.resolve(inside.getFileName()));
        Inodes.chmod(folder, OPEN_TO_ALL);
        return OPEN_TO_ALL;
    }

    /** What another mount covers is not seen, and nothing can be made there. */
    private static boolean isWithinAnother(Path target, List<ExtraMount> mounts) {
        return Stream.concat(Stream.of("/proc", "/dev", "/sys"), mounts.stream().map(ExtraMount::target))
                .map(other -> Path.of(other).normalize())
                .anyMatch(other -> target.startsWith(other) && !target.equals(other));
    }
}
