package dev.wherry.daemon.builder.cache;

import dev.wherry.daemon.builder.dockerfile.instruction.RunMount.Sharing;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The folders that {@code RUN --mount=type=cache} keeps from build to build. They are found by key, survive the daemon,
 * and belong to no layer. A step that wants one {@link #acquire acquires} it, and closes the use when it has ended; one
 * in use is never removed.
 *
 * <p>A folder is filled under another name and moved to its place once it is recorded: a record without a folder, or a
 * folder without a record, is what a killed daemon left, and {@link #recover} removes it.
 */
@Singleton
public final class CacheMounts {

    private static final String UNFINISHED = "new-";

    private final CacheMountTable table;
    private final Path folder;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final Map<Long, Integer> users = new HashMap<>();
    private final Set<Long> alone = new HashSet<>();
    private final Set<Digest> beingMade = new HashSet<>();
    private final AtomicLong next = new AtomicLong();

    CacheMounts(Database database, Layout layout) {
        this.table = new CacheMountTable(database);
        this.folder = layout.cacheMounts();
    }

    /** Gives a new folder what it begins with. */
    @FunctionalInterface
    public interface Filling {
        void fill(Path directory) throws IOException;
    }

    /** A cache that a step has. */
    public final class Use implements AutoCloseable {

        private final long id;

        private Use(long id) {
            this.id = id;
        }

        /** Where the files are. */
        public Path directory() {
            return files(id);
        }

        @Override
        public void close() {
            release(id);
        }
    }

    /**
     * Takes the cache of a key, which is made when there is none; waits while another step has it to itself. Where there
     * are several of the key, the first is the one that is shared and locked.
     *
     * @param name what the user knows it by
     * @param filling what a new one begins with; given an empty folder
     */
    public Use acquire(Digest key, String name, Sharing sharing, Filling filling) throws InterruptedException {
        long id = -1;
        lock.lockInterruptibly();
        try {
            while (id < 0) {
                List<Long> known = table.find(key);
                Optional<Long> free = known.stream()
                        .limit(sharing == Sharing.PRIVATE ? known.size() : 1)
                        .filter(one -> isFree(one, sharing))
                        .findFirst();
                if (free.isPresent()) {
                    id = free.get();
                    take(id, sharing);
                } else if (!beingMade.contains(key) && (known.isEmpty() || sharing == Sharing.PRIVATE)) {
                    beingMade.add(key);
                    break;
                } else {
                    released.await();
                }
            }
        } finally {
            lock.unlock();
        }
        return new Use(id < 0 ? make(key, name, sharing, filling) : id);
    }

    private boolean isFree(long id, Sharing sharing) {
        return sharing == Sharing.SHARED ? !alone.contains(id) : !users.containsKey(id);
    }

    private void take(long id, Sharing sharing) {
        users.merge(id, 1, Integer::sum);
        if (sharing != Sharing.SHARED) {
            alone.add(id);
        }
    }

    private long make(Digest key, String name, Sharing sharing, Filling filling) {
        Path unfinished = folder.resolve(UNFINISHED + next.incrementAndGet());
        try {
            Files.createDirectories(unfinished);
            filling.fill(unfinished);
            lock.lock();
            try {
                long id = table.insert(key, name);
                Files.move(unfinished, files(id));
                take(id, sharing);
                return id;
            } finally {
                lock.unlock();
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot make the cache \"" + name + "\"", failure);
        } finally {
            discard(unfinished);
            lock.lock();
            try {
                beingMade.remove(key);
                released.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** What cannot be removed now is by {@link #recover}. */
    private static void discard(Path unfinished) {
        try {
            FileTrees.remove(unfinished);
        } catch (IOException later) {
            return;
        }
    }

    private void release(long id) {
        table.touch(id);
        lock.lock();
        try {
            alone.remove(id);
            users.computeIfPresent(id, (unused, count) -> count == 1 ? null : count - 1);
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** All that there are, the longest unused first. Their sizes are counted now, one stat a file. */
    public List<CacheMount> list() {
        List<CacheMount> all = new ArrayList<>();
        for (CacheMountTable.Row row : table.all()) {
            try {
                long size = FileTrees.size(files(row.id()));
                all.add(new CacheMount(row.id(), row.name(), size, row.createdAt(), row.usedAt(), isInUse(row.id())));
            } catch (IOException failure) {
                throw StorageFailure.of("cannot read the cache \"" + row.name() + "\"", failure);
            }
        }
        return all;
    }

    private boolean isInUse(long id) {
        lock.lock();
        try {
            return users.containsKey(id);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes a cache and its files; one that is not there is fine.
     *
     * @return bytes of the files that are gone
     * @throws ConflictException when a step uses it
     */
    public long remove(long id) {
        lock.lock();
        try {
            if (users.containsKey(id)) {
                throw new ConflictException("the cache mount " + id + " is in use by a build");
            }
            table.delete(id);
        } finally {
            lock.unlock();
        }
        try {
            return FileTrees.remove(files(id));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot remove the cache mount " + id, failure);
        }
    }

    /** Removes what a killed daemon left half made. Called once, before anything else. */
    public void recover() {
        try {
            Set<String> recorded = new HashSet<>();
            for (CacheMountTable.Row row : table.all()) {
                if (Files.isDirectory(files(row.id()))) {
                    recorded.add(Long.toString(row.id()));
                } else {
                    table.delete(row.id());
                }
            }
            for (Path one : Files.isDirectory(folder) ? FileTrees.list(folder) : List.<Path>of()) {
                if (!recorded.contains(one.getFileName().toString())) {
                    FileTrees.remove(one);
                }
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot put the cache mounts in order", failure);
        }
    }

    private Path files(long id) {
        return folder.resolve(Long.toString(id));
    }
}
