package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.PathBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;

/**
 * Where a program starts. The OCI runtime enters it while folders of the host are still open in its process, and the
 * kernel's links in /proc lead to those (CVE-2024-21626): a working directory that goes through one is refused, also when
 * a symbolic link of the image hides it.
 */
final class WorkingDirectory {

    private static final Path PROC = Path.of("/proc");
    private static final Set<String> LINKS_OF_A_PROCESS = Set.of("fd", "cwd", "root", "exe", "map_files");
    private static final int MOST_LINKS = 255;

    private WorkingDirectory() {}

    /** @throws StartException when it lies behind a link of a process, or cannot be followed */
    static void check(Path rootfs, String workingDir) {
        if (workingDir.isEmpty()) {
            return;
        }
        try {
            if (leadsBehindLink(rootfs, workingDir)) {
                throw new StartException(
                        ExitCode.RUNTIME_FAILED,
                        "the working directory " + workingDir + " leads into a process's own files in /proc");
            }
        } catch (IOException failure) {
            throw new StartException(
                    ExitCode.NOT_EXECUTABLE,
                    "the working directory " + workingDir + " cannot be entered: " + failure.getMessage());
        }
    }

    /** What lies below /proc in the image is of no matter: the kernel's own will be there. */
    private static boolean leadsBehindLink(Path rootfs, String workingDir) throws IOException {
        Deque<Path> rest = new ArrayDeque<>();
        push(rest, Path.of(workingDir));
        Path at = Path.of("/");
        int links = 0;
        while (!rest.isEmpty()) {
            if (at.equals(PROC)) {
                return rest.stream().map(Path::toString).anyMatch(LINKS_OF_A_PROCESS::contains);
            }
            Path name = rest.pop();
            if (name.toString().equals("..")) {
                at = at.getParent() == null ? at : at.getParent();
                continue;
            }
            Path next = at.resolve(name).normalize();
            Path real = rootfs.resolve(Path.of("/").relativize(next));
            Optional<FileStatus> status = Inodes.find(real);
            if (status.isPresent() && status.get().isSymlink() && !next.equals(PROC)) {
                if (++links > MOST_LINKS) {
                    throw new IOException("too many symbolic links");
                }
                Path target = PathBytes.path(Inodes.readlink(real));
                at = target.isAbsolute() ? Path.of("/") : at;
                push(rest, target);
            } else {
                at = next;
            }
        }
        return false;
    }

    private static void push(Deque<Path> rest, Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            rest.push(path.getName(i));
        }
    }
}
