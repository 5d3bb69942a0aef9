package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/** The copies of build contexts that {@link SyncedContexts} keeps, as things that take room. */
@Singleton
public final class ContextCopies {

    /** The digest of what tells one client's directory from all others. */
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;
    private final SyncedContexts contexts;

    ContextCopies(Layout layout, SyncedContexts contexts) {
        this.folder = layout.contexts();
        this.contexts = contexts;
    }

    /**
     * One copy.
     *
     * @param inUse whether a build reads it now
     */
    public record Copy(String name, long sizeBytes, Instant usedAt, boolean inUse) {}

    /** All that there are; their files are counted now. */
    public List<Copy> list() {
        List<Copy> copies = new ArrayList<>();
        try {
            for (Path copy : Files.isDirectory(folder) ? FileTrees.list(folder) : List.<Path>of()) {
                String name = copy.getFileName().toString();
                if (NAME.matcher(name).matches() && Files.isDirectory(copy)) {
                    Instant usedAt = Files.getLastModifiedTime(copy).toInstant();
                    boolean inUse = contexts.lock(files(name)).isLocked();
                    copies.add(new Copy(name, FileTrees.size(copy), usedAt, inUse));
                }
            }
            return copies;
        } catch (IOException failure) {
            throw StorageFailure.of("cannot list the build contexts", failure);
        }
    }

    /**
     * Removes a copy: the next build of that context is sent all its files again.
     *
     * @return the bytes freed
     * @throws ConflictException when a build reads it
     */
    public long remove(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidInputException("no build context is called \"" + name + "\"");
        }
        ReentrantLock lock = contexts.lock(files(name));
        if (!lock.tryLock()) {
            throw new ConflictException("the build context " + name + " is in use by a build");
        }
        try {
            return FileTrees.remove(folder.resolve(name));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot remove the build context " + name, failure);
        } finally {
            lock.unlock();
        }
    }

    private Path files(String name) {
        return SyncedContexts.files(folder, name);
    }
}
