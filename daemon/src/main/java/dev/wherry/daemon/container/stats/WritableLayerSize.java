package dev.wherry.daemon.container.stats;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;

/** The size of a container's writable layer. */
public final class WritableLayerSize {

    private WritableLayerSize() {}

    /** In bytes. Files that vanish during the measurement are not counted. */
    public static long bytes(Container container, Snapshotter snapshotter) {
        return container
                .snapshot()
                .map(snapshotter::folder)
                .map(WritableLayerSize::bytes)
                .orElse(0L);
    }

    private static long bytes(Path folder) {
        AtomicLong bytes = new AtomicLong();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    CancelledException.throwIfInterrupted();
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    bytes.addAndGet(attributes.isRegularFile() ? attributes.size() : 0);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bytes.get();
    }
}
