package dev.wherry.daemon.builder.source;

import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders for what a build unpacks or checks out, each gone when it is closed or the daemon starts again. */
@Singleton
public final class StagingFolders {

    private final Path folder;

    public StagingFolders(Layout layout) {
        this.folder = layout.contexts().resolve("staging");
    }

    /** Removes what a daemon that was killed left. */
    public void recover() {
        try {
            FileTrees.remove(folder);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot remove " + folder, failure);
        }
    }

    /** A new empty folder. */
    public Folder open() {
        try {
            return new Folder(Files.createTempDirectory(Files.createDirectories(folder), ""));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot make a folder for what is fetched", failure);
        }
    }

    /** One such folder; nobody but its holder knows it. */
    public record Folder(Path path) implements AutoCloseable {

        @Override
        public void close() {
            try {
                FileTrees.remove(path);
            } catch (IOException failure) {
                throw StorageFailure.of("cannot remove " + path, failure);
            }
        }
    }
}
