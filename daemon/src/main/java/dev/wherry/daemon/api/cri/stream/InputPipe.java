package dev.wherry.daemon.api.cri.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Bytes that one thread takes from a connection, and another one reads. While much is unread, the first one waits, and with
 * it the client: the protocols here have no working flow control of their own.
 */
final class InputPipe extends InputStream {

    static final int MOST_UNREAD = 64 << 10;

    private static final Duration LOOK_FOR_CLIENT = Duration.ofSeconds(1);

    private final BooleanSupplier left;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<byte[]> pieces = new ArrayDeque<>();
    private int unread;
    private int position;
    private boolean ended;
    private IOException failure;

    /** @param left whether the client has left, which the waiting thread would learn by reading on */
    InputPipe(BooleanSupplier left) {
        this.left = left;
    }

    /**
     * Adds what has arrived; after the end of the pipe nobody reads it.
     *
     * @throws IOException when the client leaves while it waits
     */
    void add(byte[] piece) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!ended && unread > 0 && unread + piece.length > MOST_UNREAD) {
                if (!changed.await(LOOK_FOR_CLIENT.toMillis(), TimeUnit.MILLISECONDS) && left.getAsBoolean()) {
                    throw new IOException("the client went away");
                }
            }
            if (!ended && piece.length > 0) {
                pieces.add(piece);
                unread += piece.length;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** No more arrives; what has arrived is still read. */
    void end() {
        end(null);
    }

    /** No more arrives, since something broke. */
    void fail(String reason) {
        end(new IOException(reason));
    }

    private void end(IOException reason) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = reason;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nobody reads any more, so that nobody waits for a reader. */
    @Override
    public void close() {
        lock.lock();
        try {
            ended = true;
            pieces.clear();
            position = 0;
            unread = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            while (pieces.isEmpty() && !ended) {
                changed.await();
            }
            if (pieces.isEmpty()) {
                if (failure != null) {
                    throw failure;
                }
                return -1;
            }
            return take(bytes, offset, length);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the client went away");
        } finally {
            lock.unlock();
        }
    }

    private int take(byte[] bytes, int offset, int length) {
        byte[] piece = pieces.element();
        int count = Math.min(length, piece.length - position);
        System.arraycopy(piece, position, bytes, offset, count);
        position += count;
        unread -= count;
        if (position == piece.length) {
            pieces.remove();
            position = 0;
        }
        changed.signalAll();
        return count;
    }
}
