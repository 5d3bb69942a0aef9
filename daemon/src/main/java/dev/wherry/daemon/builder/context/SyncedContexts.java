package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.access.DiskRoom;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Copies of build contexts whose client is elsewhere. The last one of each directory is kept, so that the next build of it
 * asks only for files whose stat differs, and of these only for contents that no context of the same owner has.
 *
 * <p>The client is not trusted: a path that would leave the copy is refused, nothing that the client sends is followed as a
 * link, no owner reads what another one sent, and {@link ContextLimits} bound what all of it takes. A copy does not change
 * while a build reads it; builds of an unchanged directory read it side by side.
 */
@Singleton
public final class SyncedContexts {

    /** Copies whose indexes stay in memory, as long as they are not too large. */
    private static final int MOST_INDEXES = 8;

    private static final int MOST_INDEXED_FILES = 50_000;

    private final Path folder;
    private final ContextLocks locks;
    private final ContextLimits limits;
    private final ContextCopies copies;
    private final DigestFiles digests;

    private final Recent recent = new Recent();

    SyncedContexts(Layout layout, ContextLocks locks, ContextLimits limits, ContextCopies copies, DigestFiles digests) {
        this.folder = layout.contexts();
        this.locks = locks;
        this.limits = limits;
        this.copies = copies;
        this.digests = digests;
    }

    /** An empty directory, for a build whose Dockerfile is all it has. */
    public Path none() {
        try {
            return Files.createDirectories(folder.resolve("none"));
        } catch (IOException failure) {
            throw new HostException("cannot make an empty build context: " + failure.getMessage(), failure);
        }
    }

    /** Where the files of a copy are. */
    static Path files(Path copy) {
        return copy.resolve("files");
    }

    /** The other side: tells what is in its directory, and sends files. */
    public interface Client {

        /** Whose directory it is; contexts of different owners have nothing in common. */
        String owner();

        /** The most bytes that all copies of the owner may take. */
        default long mostBytes() {
            return Long.MAX_VALUE;
        }

        /**
         * Describes the directory. All that is asked is asked at once.
         *
         * @param files gets all files, directories before what is in them
         */
        Overview overview(Question question, Consumer<SyncedFile> files) throws InterruptedException;

        /** Sends the contents of these files to the receiver, each in order and to its end. */
        void read(List<Path> paths, Receiver receiver) throws InterruptedException, IOException;

        /** The SHA-256 of each of these files. */
        List<byte[]> digests(List<Path> paths) throws InterruptedException;
    }

    /**
     * What a build needs to know first of a directory.
     *
     * @param dockerfile as the client named it; empty if the build has it already
     * @param ignoreFiles where the ignore file may be, seen from the directory; the first that is there counts
     */
    public record Question(Optional<String> dockerfile, List<String> ignoreFiles) {}

    /**
     * The answer, besides the list of files.
     *
     * @param dockerfile its content, if asked for
     * @param ignoreFile the one that counts
     */
    public record Overview(Optional<byte[]> dockerfile, Optional<IgnoreFile> ignoreFile) {}

    /** Takes the contents of files. */
    @FunctionalInterface
    public interface Receiver {
        void chunk(Path path, byte[] data, boolean last) throws IOException;
    }

    /** A copy that is up to date, and stays as it is until it is closed by the thread that got it. */
    public static final class Copy implements AutoCloseable {

        private final Path root;
        private final Optional<byte[]> dockerfile;
        private final ReentrantReadWriteLock.ReadLock lock;

        private Copy(Path root, Optional<byte[]> dockerfile, ReentrantReadWriteLock.ReadLock lock) {
            this.root = root;
            this.dockerfile = dockerfile;
            this.lock = lock;
        }

        public Path root() {
            return root;
        }

        public Optional<byte[]> dockerfile() {
            return dockerfile;
        }

        @Override
        public void close() {
            lock.unlock();
        }
    }

    /**
     * Brings the copy of a client's directory up to date. What the build ignores is neither asked for nor kept.
     *
     * @param name what tells one directory of the client's owner from all others
     * @throws dev.wherry.daemon.builder.dockerfile.text.DockerfileException when a pattern in the ignore file is malformed
     * @throws dev.wherry.daemon.error.ExhaustedException when the context is too large
     */
    public Copy sync(String name, Question question, Client client) throws InterruptedException {
        DiskRoom.require();
        Path copy = folder.resolve(Digest.sha256(client.owner() + "\0" + name).hex());
        ReentrantReadWriteLock lock = locks.of(copy);
        List<SyncedFile> listed = new ArrayList<>();
        Overview overview = client.overview(question, file -> {
            limits.checkCount(listed.size() + 1);
            check(file);
            listed.add(file);
        });
        List<SyncedFile> files = overview.ignoreFile()
                .map(patterns -> patterns.withoutIgnored(listed))
                .orElse(listed);
        limits.checkSize(files);
        lock.readLock().lockInterruptibly();
        Optional<ContextUpdate> plan = Optional.empty();
        boolean current = false;
        try {
            plan = known(copy).map(index -> plan(copy, index, files));
            // A build that has the directory twice sees one state of it.
            current = lock.getReadHoldCount() > 1
                    || plan.isPresent() && !plan.get().isNeeded() && use(copy);
        } finally {
            if (!current) {
                lock.readLock().unlock();
            }
        }
        if (!current) {
            lock.writeLock().lockInterruptibly();
            try {
                update(copy, files, client, plan);
                lock.readLock().lock();
            } finally {
                lock.writeLock().unlock();
            }
        }
        digests.of(files(copy)).settle();
        return new Copy(files(copy), overview.dockerfile(), lock.readLock());
    }

    private static void check(SyncedFile file) {
        Path path = file.path();
        boolean safe = !path.isAbsolute() && !path.toString().isEmpty() && file.size() >= 0;
        for (Path name : path) {
            safe &= !name.toString().equals("..") && !name.toString().equals(".");
        }
        if (!safe) {
            throw new InvalidInputException("the client's build context has a path that leads out of it: " + path);
        }
    }

    private ContextUpdate plan(Path copy, ContextIndex index, List<SyncedFile> files) {
        return ContextUpdate.plan(copy, index, files, digests.of(files(copy)));
    }

    /** What a copy holds as far as that is in memory; nothing when the copy was removed. */
    private Optional<ContextIndex> known(Path copy) {
        return Files.isDirectory(files(copy)) ? recent.get(copy) : Optional.empty();
    }

    private void update(Path copy, List<SyncedFile> files, Client client, Optional<ContextUpdate> planned)
            throws InterruptedException {
        try {
            Optional<ContextIndex> known = known(copy);
            if (known.isEmpty()) {
                digests.of(files(copy)).unsettle();
            }
            Files.createDirectories(files(copy));
            use(copy);
            ContextIndex before = known.isPresent() ? known.get() : ContextIndex.of(copy, client.owner());
            // Another build may have changed the copy since the plan was made.
            ContextUpdate update =
                    planned.filter(plan -> plan.isFrom(before)).orElseGet(() -> plan(copy, before, files));
            ContextIndex now = before;
            if (update.isNeeded()) {
                try (ContextCopies.Room _ = copies.makeRoom(copy, client, limits, update.bytes())) {
                    update.reuse(copies.folders(), client);
                    forget(copy);
                    now = update.apply(client);
                    now.write(copy);
                }
            }
            remember(copy, now);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot keep the build context", failure);
        }
    }

    /** Says when the copy was last used; false if it is gone. */
    private static boolean use(Path copy) {
        try {
            Files.setLastModifiedTime(copy, FileTime.from(Instant.now()));
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    private void forget(Path copy) throws IOException {
        digests.of(files(copy)).unsettle();
        recent.remove(copy);
        ContextIndex.remove(copy);
    }

    private void remember(Path copy, ContextIndex index) {
        if (index.files().size() <= MOST_INDEXED_FILES) {
            recent.put(copy, index);
        }
    }

    /** The indexes that were used last. */
    private static final class Recent {

        private final ReentrantLock lock = new ReentrantLock();
        private final Map<Path, ContextIndex> indexes = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Path, ContextIndex> eldest) {
                return size() > MOST_INDEXES;
            }
        };

        Optional<ContextIndex> get(Path copy) {
            return locked(() -> Optional.ofNullable(indexes.get(copy)));
        }

        void put(Path copy, ContextIndex index) {
            locked(() -> indexes.put(copy, index));
        }

        void remove(Path copy) {
            locked(() -> indexes.remove(copy));
        }

        private <T> T locked(Supplier<T> work) {
            lock.lock();
            try {
                return work.get();
            } finally {
                lock.unlock();
            }
        }
    }
}
