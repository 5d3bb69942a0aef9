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
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock.WriteLock;
import java.util.regex.Pattern;

/** The copies of build contexts that {@link SyncedContexts} keeps, as things that take room. */
@Singleton
public final class ContextCopies {

    /** The digest of what tells one client's directory from all others. */
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;
    private final ContextLocks locks;

    ContextCopies(Layout layout, ContextLocks locks) {
        this.folder = layout.contexts();
        this.locks = locks;
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
            for (Path copy : folders()) {
                Instant usedAt = Files.getLastModifiedTime(copy).toInstant();
                copies.add(new Copy(copy.getFileName().toString(), FileTrees.size(copy), usedAt, locks.isUsed(copy)));
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
        WriteLock lock = locks.of(folder.resolve(name)).writeLock();
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

    /** The folders of all copies. */
    List<Path> folders() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        return FileTrees.list(folder).stream()
                .filter(copy -> NAME.matcher(copy.getFileName().toString()).matches() && Files.isDirectory(copy))
                .toList();
    }

    /** What may be removed to make room, in this order: an owner first pays with its own copies. */
    private record Candidate(Path copy, long bytes, boolean own, FileTime usedAt) {}

    /**
     * Removes copies that no build reads until one more has room: those of the same owner first, and those used longest ago.
     *
     * @param bytes that the copy will have
     * @throws ExhaustedException when that is not enough
     */
    void makeRoom(Path copy, String owner, ContextLimits limits, long bytes) throws IOException {
        List<Candidate> others = new ArrayList<>();
        for (Path other : folders()) {
            if (!other.equals(copy)) {
                Optional<ContextIndex.Summary> summary = ContextIndex.summary(other);
                others.add(new Candidate(
                        other,
                        summary.isPresent() ? summary.get().bytes() : FileTrees.size(other),
                        summary.isPresent() && summary.get().owner().equals(owner),
                        Files.getLastModifiedTime(other)));
            }
        }
        long total = bytes + others.stream().mapToLong(Candidate::bytes).sum();
        others.sort(Comparator.comparing(Candidate::own).reversed().thenComparing(Candidate::usedAt));
        for (Candidate other : others) {
            if (total <= limits.all()) {
                return;
            }
            WriteLock lock = locks.of(other.copy()).writeLock();
            if (lock.tryLock()) {
                try {
                    FileTrees.remove(other.copy());
                    total -= other.bytes();
                } finally {
                    lock.unlock();
                }
            }
        }
        if (total > limits.all()) {
            throw limits.full();
        }
    }
}
