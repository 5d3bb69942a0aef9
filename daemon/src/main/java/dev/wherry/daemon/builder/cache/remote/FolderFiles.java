package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.builder.context.SharedDirectory;
import dev.wherry.daemon.builder.context.SyncedContexts;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.RootedPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The files of a directory of the client: read in place on the same host, else asked for one by one. */
interface FolderFiles {

    int CHUNK = 64 << 10;

    /** Takes the content of a file. */
    @FunctionalInterface
    interface Taker {
        void take(byte[] bytes, int length);
    }

    /**
     * Reads one file to its end.
     *
     * @throws NotFoundException when there is none
     */
    void read(String path, Taker taker);

    /**
     * The files of a directory.
     *
     * @param client sends files that the daemon cannot read itself
     * @param asking held while the client is asked, which answers one question at a time
     */
    static FolderFiles of(SharedDirectory directory, SyncedContexts.Client client, ReentrantLock asking) {
        Optional<Path> here = directory.verify();
        return here.isPresent()
                ? (path, taker) -> inPlace(here.get(), path, taker)
                : (path, taker) -> fromClient(client, asking, path, taker);
    }

    private static void inPlace(Path root, String path, Taker taker) {
        try {
            Path file = new RootedPath(root).resolve(Path.of(path));
            if (Inodes.find(file).filter(FileStatus::isRegular).isEmpty()) {
                throw new NotFoundException("file", path, root + " has no file " + path);
            }
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] buffer = new byte[CHUNK];
                for (int count; (count = in.read(buffer)) >= 0; ) {
                    taker.take(buffer, count);
                }
            }
        } catch (IOException failure) {
            throw new HostException("cannot read " + root.resolve(path) + ": " + failure.getMessage(), failure);
        }
    }

    private static void fromClient(SyncedContexts.Client client, ReentrantLock asking, String path, Taker taker) {
        try {
            asking.lockInterruptibly();
            try {
                client.read(java.util.List.of(Path.of(path)), (_, data, _) -> taker.take(data, data.length));
            } finally {
                asking.unlock();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        } catch (IOException failure) {
            throw new HostException("cannot read " + path + " of the client: " + failure.getMessage(), failure);
        }
    }
}
