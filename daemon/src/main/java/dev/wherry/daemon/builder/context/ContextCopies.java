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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock.WriteLock;
import java.util.regex.Pattern;

/** The copies of build contexts that {@link SyncedContexts} keeps, as things that take room. */
@Singleton
public final class ContextCopies {

    /** The digest of what tells one client's directory from all others. */
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;
    private final ContextLocks locks;
    private final ReentrantLock making = new ReentrantLock();
    private final Map<Path, Arrival> arriving = new HashMap<>();

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

    /** What a copy takes that is being changed, until its index says so. */
    private record Arrival(String owner, long bytes) {}

    /** The room of one copy. */
    interface Room extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Removes copies that no build reads until one more has room: those of the same owner first, and those used longest ago.
     *
     * @param copy locked by the caller, and closes the result when its index is written
     * @param bytes that the copy will have
     * @throws ExhaustedException when that is not enough
     */
    Room makeRoom(Path copy, SyncedContexts.Client client, ContextLimits limits, long bytes) throws IOException {
        String owner = client.owner();
        making.lock();
        try {
            List<Candidate> others = others(copy, owner);
            long own = bytes
                    + others.stream()
                            .filter(Candidate::own)
                            .mapToLong(Candidate::bytes)
                            .sum();
            long total = bytes + others.stream().mapToLong(Candidate::bytes).sum();
            if (bytes > client.mostBytes()) {
                throw ContextLimits.exceeded(owner, client.mostBytes(), bytes);
            }
            for (Candidate other : others) {
                if (total <= limits.all() && (own <= client.mostBytes() || !other.own())) {
                    break;
                }
                if (remove(other.copy())) {
                    total -= other.bytes();
                    own -= other.own() ? other.bytes() : 0;
                }
            }
            if (own > client.mostBytes()) {
                throw ContextLimits.exceeded(owner, client.mostBytes(), own);
            }
            if (total > limits.all()) {
                throw limits.full();
            }
            arriving.put(copy, new Arrival(owner, bytes));
        } finally {
            making.unlock();
        }
        return () -> {
            making.lock();
            try {
                arriving.remove(copy);
            } finally {
                making.unlock();
            }
        };
    }

    private List<Candidate> others(Path copy, String owner) throws IOException {
        List<Candidate> others = new ArrayList<>();
        for (Path other : folders()) {
            if (other.equals(copy)) {
                continue;
            }
            Optional<ContextIndex.Summary> summary = ContextIndex.summary(other);
            Arrival arrival = arriving.get(other);
            String whose = arrival != null
                    ? arrival.owner()
                    : summary.map(ContextIndex.Summary::owner).orElse("");
            long bytes = arrival != null
                    ? arrival.bytes()
                    : summary.isPresent() ? summary.get().bytes() : FileTrees.size(other);
            others.add(new Candidate(other, bytes, whose.equals(owner), Files.getLastModifiedTime(other)));
        }
        others.sort(Comparator.comparing(Candidate::own).reversed().thenComparing(Candidate::usedAt));
        return others;
    }

    /** Removes a copy unless a build uses it. */
    private boolean remove(Path copy) throws IOException {
        WriteLock lock = locks.of(copy).writeLock();
        if (!lock.tryLock()) {
            return false;
        }
        try {
            FileTrees.remove(copy);
            return true;
        } finally {
            lock.unlock();
        }
    }
}
