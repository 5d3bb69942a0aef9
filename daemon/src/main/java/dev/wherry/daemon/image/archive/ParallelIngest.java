package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.Ingest;
import dev.wherry.daemon.error.CancelledException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;

/**
 * A stream that is taken into an ingest while it is read: a second thread writes and hashes what the reader works on at
 * the same time.
 */
final class ParallelIngest extends InputStream {

    private static final int BUFFER = 1 << 18;
    private static final int BUFFERS = 4;

    private final InputStream in;
    private final Ingest ingest;
    private final BlockingQueue<Piece> empty = new ArrayBlockingQueue<>(BUFFERS);
    private final BlockingQueue<Piece> full = new ArrayBlockingQueue<>(BUFFERS + 1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private Piece current = new Piece(new byte[0]);
    private int position;
    private int buffers;
    private boolean closed;
    private volatile RuntimeException failure;

    ParallelIngest(InputStream in, Ingest ingest) {
        this.in = in;
        this.ingest = ingest;
        // Hashing keeps a processor busy, so it is no work for virtual threads, which others wait for.
        Thread.ofPlatform().daemon().name("ingest").start(this::write);
    }

    private static final class Piece {

        private final byte[] bytes;
        private int length;

        Piece(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    @Override
    public int read() throws IOException {
        return position < current.length || fill() ? current.bytes[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == current.length && !fill()) {
            return -1;
        }
        int part = Math.min(length, current.length - position);
        System.arraycopy(current.bytes, position, bytes, offset, part);
        position += part;
        return part;
    }

    private boolean fill() throws IOException {
        Piece next = nextEmpty();
        next.length = in.readNBytes(next.bytes, 0, BUFFER);
        if (next.length == 0) {
            empty.add(next);
            return false;
        }
        current = next;
        position = 0;
        full.add(next);
        return true;
    }

    private Piece nextEmpty() {
        Piece free = empty.poll();
        if (free == null && buffers < BUFFERS) {
            buffers++;
            free = new Piece(new byte[BUFFER]);
        }
        try {
            free = free == null ? empty.take() : free;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the load was cancelled", interrupted);
        }
        if (failure != null) {
            throw failure;
        }
        return free;
    }

    /** Takes in what nobody has read, and returns when all is in the ingest. */
    void finish() throws IOException {
        while (fill()) {
            // Only the ingest wants it.
        }
        close();
        if (failure != null) {
            throw failure;
        }
    }

    private void write() {
        try {
            for (Piece piece = full.take(); piece.length > 0; piece = full.take()) {
                if (failure == null) {
                    ingest(piece);
                }
                empty.add(piece);
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private void ingest(Piece piece) {
        try {
            ingest.write(piece.bytes, 0, piece.length);
        } catch (RuntimeException cannot) {
            failure = cannot;
        }
    }

    /** Ends the second thread, which an interrupt does not, since it would close the file too. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        full.add(new Piece(new byte[0]));
        boolean interrupted = Thread.interrupted();
        while (ended.getCount() > 0) {
            try {
                ended.await();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
