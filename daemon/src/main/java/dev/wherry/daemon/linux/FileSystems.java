package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import java.nio.file.Path;

/** File systems as a whole. */
public final class FileSystems {

    private static final int O_DIRECTORY_CLOEXEC = 0200000 | 02000000;

    private FileSystems() {}

    /** Returns when all that was written to the file system that holds this directory is on disk (syncfs(2)). */
    public static void sync(Path directory) throws SystemCallException {
        try {
            int fd = LibC.C.open(PathBytes.terminated(directory), O_DIRECTORY_CLOEXEC, 0);
            try {
                LibC.C.syncfs(fd);
            } finally {
                LibC.C.close(fd);
            }
        } catch (LastErrorException failure) {
            throw new SystemCallException("syncfs", directory, failure);
        }
    }
}
