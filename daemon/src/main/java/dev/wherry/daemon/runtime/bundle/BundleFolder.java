package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.runtime.spec.ProcessAdditions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of a step's bundle while the step runs. Where there are secrets it is a file system in memory, which is
 * wiped at the end: neither a file with a secret nor the spec with its variables is ever on a disk.
 */
public final class BundleFolder implements AutoCloseable {

    private final Path path;
    private final boolean secret;

    private BundleFolder(Path path, boolean secret) {
        this.path = path;
        this.secret = secret;
    }

    public static BundleFolder make(Path path, ProcessAdditions additions) throws IOException {
        Files.createDirectories(path);
        BundleFolder folder = new BundleFolder(path, additions.isSecret());
        if (folder.secret) {
            try {
                Mounts.ramfs(path, "mode=0700");
            } catch (IOException failure) {
                FileTrees.remove(path);
                throw failure;
            }
        }
        return folder;
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        if (secret) {
            try {
                for (Path file : FileTrees.list(path)) {
                    wipe(file);
                }
            } finally {
                Mounts.unmount(path);
            }
        }
        FileTrees.remove(path);
    }

    /**
     * Over the bytes in place, so that they do not stay in memory that the kernel has not used again. Not by a channel,
     * which a cancelled build would close by its interruption.
     */
    private static void wipe(Path file) throws IOException {
        if (Inodes.status(file).isRegular()) {
            try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
                content.write(new byte[(int) content.length()]);
            }
        }
    }
}
