package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.linux.FileStatus;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads what a layer's entries need, some files ahead of their turn and several at once: of small files opening takes
 * longer than reading.
 */
final class Readahead implements AutoCloseable {

    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final int BATCH = 32;
    private static final int BATCHES = 4;
    /** A larger file is read when its turn comes, and never held as a whole. */
    private static final int SMALL = 64 << 10;

    /** @param content of a small regular file, else null */
    record Loaded(LayerWalk.Found file, SortedMap<String, byte[]> xattrs, boolean opaque, byte[] content) {}

    private final LayerWalk walk;
    private final boolean contents;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Deque<Future<List<Loaded>>> ahead = new ArrayDeque<>();
    private Iterator<Loaded> current = List.<Loaded>of().iterator();
    private boolean ended;

    /** @param contents whether the content of files is wanted */
    Readahead(LayerWalk walk, boolean contents) {
        this.walk = walk;
        this.contents = contents;
    }

    /** The next file, or null after the last. */
    Loaded next() throws IOException {
        while (!current.hasNext()) {
            fill();
            if (ahead.isEmpty()) {
                return null;
            }
            current = join(ahead.remove()).iterator();
        }
        return current.next();
    }

    private void fill() throws IOException {
        while (!ended && ahead.size() < BATCHES) {
            List<LayerWalk.Found> batch = new ArrayList<>(BATCH);
            while (batch.size() < BATCH && !ended) {
                LayerWalk.Found found = walk.next();
                ended = found == null;
                if (!ended) {
                    batch.add(found);
                }
            }
            if (!batch.isEmpty()) {
                ahead.add(threads.submit(() -> load(batch)));
            }
        }
    }

    private List<Loaded> load(List<LayerWalk.Found> batch) throws IOException {
        List<Loaded> loaded = new ArrayList<>(batch.size());
        for (LayerWalk.Found file : batch) {
            FileStatus status = file.status();
            boolean isDirectory = status.isDirectory();
            loaded.add(new Loaded(
                    file,
                    isDirectory || status.isRegular() ? KeptXattrs.read(file.path()) : LayerWriter.NO_XATTRS,
                    isDirectory && OpaqueMark.is(file.path()),
                    contents && status.isRegular() && status.size() <= SMALL
                            ? read(file.path(), (int) status.size())
                            : null));
        }
        return loaded;
    }

    /** What there is of a file up to that size. */
    private static byte[] read(Path path, int size) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(size);
        if (size > 0) {
            try (FileChannel file = FileChannel.open(path, READ)) {
                while (content.hasRemaining() && file.read(content) >= 0) {
                    // Read on.
                }
            }
        }
        return content.hasRemaining() ? Arrays.copyOf(content.array(), content.position()) : content.array();
    }

    private static List<Loaded> join(Future<List<Loaded>> batch) throws IOException {
        try {
            return batch.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof IOException known ? known : new IOException(failure.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
