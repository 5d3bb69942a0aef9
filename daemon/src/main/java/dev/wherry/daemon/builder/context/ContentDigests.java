package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Fingerprint;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.PathBytes;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What is known of the content of the files of one build context: the digest of each, under its device, inode, size,
 * and times of modification and change, so that a file that did not change is not read again. The change time cannot be
 * set by a program; a file changed so lately that a further change might carry the same time is not remembered.
 */
public final class ContentDigests {

    /** The kernel's clock for file times ticks every 1 to 10 ms. */
    private static final long TICK_MILLIS = 20;

    /** Files that are gone are known until there are so many that it is better to begin anew. */
    private static final int MOST_FILES = 1_000_000;

    private static final int MOST_SELECTIONS = 1000;

    private final Map<Inode, Known> known = new ConcurrentHashMap<>();
    private volatile boolean changed;

    /** What selections take, as long as the files stay as they are; {@code null} while that is not certain. */
    private volatile Map<List<String>, Digest> selections;

    record Inode(long device, long inode) {

        // Written out: those that a record comes with are interpreted in a native executable, a thousand times slower.
        @Override
        public boolean equals(Object other) {
            return other instanceof Inode that && device == that.device && inode == that.inode;
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(device) + Long.hashCode(inode);
        }
    }

    /** @param digest the 32 bytes of a SHA-256 */
    record Known(long size, long modifiedNanos, long changedNanos, byte[] digest) {

        boolean describes(FileStatus status) {
            return size == status.size()
                    && modifiedNanos == nanos(status.modified(), status.modifiedNanos())
                    && changedNanos == nanos(status.changed(), status.changedNanos());
        }
    }

    /**
     * The digest of all that a copy of the selection takes: target paths, types, permissions, link targets, contents and
     * extended attributes; times are not part of it.
     *
     * @param owners whether the files keep their owners, which are then part of it
     * @throws HostException when a file cannot be read
     * @throws CancelledException when the thread was interrupted
     */
    public Digest of(Selection selection, boolean owners) {
        return read(selection, owners).digest();
    }

    /**
     * What a copy of a selection takes.
     *
     * @param digest of all of it
     * @param files the digests of its regular files, in order
     */
    public record Content(Digest digest, List<byte[]> files) {}

    /** As {@link #of}, and what it is made of. */
    public Content read(Selection selection, boolean owners) {
        try (Reading reading = new Reading(owners)) {
            for (Selection.Source source : selection.sources()) {
                reading.begin(source.top());
                source.contents().forEach(reading::begin);
            }
            Fingerprint fingerprint = new Fingerprint("selection");
            for (Selection.Source source : selection.sources()) {
                fingerprint.add(source.contents().size());
                HardLinks links = new HardLinks();
                if (source.isDirectory()) {
                    // Its contents are copied, it is not; a remote context has a root of its own.
                    fingerprint.add("directory");
                } else {
                    reading.addNext(source.top(), links, fingerprint);
                }
                for (SourceFile file : source.contents()) {
                    reading.addNext(file, links, fingerprint);
                }
            }
            return new Content(fingerprint.digest(), reading.files);
        } catch (IOException failure) {
            throw new HostException("cannot read the build context: " + failure.getMessage(), failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled");
        }
    }

    /** The files of one selection: those that are not known are read side by side, then all are added in order. */
    private final class Reading implements AutoCloseable {

        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final Deque<Future<byte[]>> contents = new ArrayDeque<>();
        private final List<byte[]> files = new ArrayList<>();
        private final boolean owners;

        Reading(boolean owners) {
            this.owners = owners;
        }

        void begin(SourceFile file) {
            if (file.status().isRegular()) {
                byte[] known = recall(file.status());
                contents.add(
                        known == null ? threads.submit(() -> compute(file)) : CompletableFuture.completedFuture(known));
            }
        }

        void addNext(SourceFile file, HardLinks links, Fingerprint fingerprint)
                throws IOException, InterruptedException {
            FileStatus status = file.status();
            fingerprint.add(PathBytes.of(file.target())).add(status.mode());
            if (owners) {
                fingerprint.add(status.uid()).add(status.gid());
            }
            links.earlier(file).ifPresent(same -> fingerprint.add("link").add(PathBytes.of(same.target())));
            if (!file.status().isRegular()) {
                FileContents.add(file, fingerprint);
                return;
            }
            try {
                byte[] content = contents.remove().get();
                files.add(content);
                fingerprint.add(content);
            } catch (ExecutionException failure) {
                throw failure.getCause() instanceof IOException io ? io : new IOException(failure.getCause());
            }
        }

        @Override
        public void close() {
            threads.shutdownNow();
            threads.close();
        }
    }

    private byte[] recall(FileStatus status) {
        Known entry = known.get(new Inode(status.device(), status.inode()));
        return entry != null && entry.describes(status) ? entry.digest() : null;
    }

    private byte[] compute(SourceFile file) throws IOException, InterruptedException {
        long start = nanos(Clock.systemUTC().instant());
        byte[] digest = FileContents.digest(file);
        FileStatus status = file.status();
        if (nanos(status.changed(), status.changedNanos()) < start - TICK_MILLIS * 1_000_000) {
            learn(status, digest);
        }
        return digest;
    }

    /**
     * Remembers the digest of a file that nobody changes without notice.
     *
     * @param digest the 32 bytes of a SHA-256
     */
    void learn(FileStatus status, byte[] digest) {
        if (known.size() >= MOST_FILES) {
            known.clear();
        }
        known.put(
                new Inode(status.device(), status.inode()),
                new Known(
                        status.size(),
                        nanos(status.modified(), status.modifiedNanos()),
                        nanos(status.changed(), status.changedNanos()),
                        digest));
        changed = true;
    }

    /** From now on somebody says before the files change, so that a digest of many of them can be known without a look. */
    void settle() {
        if (selections == null) {
            selections = new ConcurrentHashMap<>();
        }
    }

    /** The files are about to change. */
    void unsettle() {
        selections = null;
    }

    /** What a selection took that nothing has changed since; empty where that is not certain. */
    public Optional<Digest> settled(List<String> selector) {
        Map<List<String>, Digest> now = selections;
        return now == null ? Optional.empty() : Optional.ofNullable(now.get(selector));
    }

    /**
     * Remembers what a selection took, as long as that is certain.
     *
     * @param selector all that decides which files are read, and what counts of them
     */
    public void note(List<String> selector, Digest content) {
        Map<List<String>, Digest> now = selections;
        if (now != null && now.size() < MOST_SELECTIONS) {
            now.put(selector, content);
        }
    }

    private static long nanos(Instant instant) {
        return nanos(instant.getEpochSecond(), instant.getNano());
    }

    private static long nanos(long seconds, int nanos) {
        return seconds * 1_000_000_000L + nanos;
    }

    Map<Inode, Known> known() {
        return known;
    }

    /** Whether anything was learnt since the last call. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }
}
