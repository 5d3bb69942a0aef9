package dev.wherry.daemon.api.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bytes that arrive in pieces on one thread, and are read on another that waits for them. */
public class PieceQueue extends InputStream {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<byte[]> pieces = new ArrayDeque<>();
    private final Runnable taken;
    private byte[] piece = new byte[0];
    private int position;
    /** Bytes of the pieces that nobody has taken. */
    private int unread;

    private boolean ended;
    private IOException failure;

    /** @param taken runs each time that a piece was taken */
    public PieceQueue(Runnable taken) {
        this.taken = taken;
    }

    /** One more piece has arrived; after the end nobody reads it. */
    public final void append(byte[] arrived) {
        lock.lock();
        try {
            if (!ended) {
                pieces.add(arrived);
                unread += arrived.length;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a piece fits with what is unread, or alone, or nobody reads any more; false if that takes too long. */
    protected final boolean awaitRoom(int length, int mostUnread, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!ended && unread > 0 && unread + length > mostUnread) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody reads any more, so that nobody waits for a reader. */
    protected final void abandon() {
        lock.lock();
        try {
            ended = true;
            pieces.clear();
            unread = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more arrives; what has arrived is still read. */
    public final void end() {
        end(null);
    }

    /** No more arrives, since something broke. */
    public final void fail(String reason) {
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

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public final int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        while (position == piece.length) {
            if (!next()) {
                return -1;
            }
        }
        int count = Math.min(length, piece.length - position);
        System.arraycopy(piece, position, bytes, offset, count);
        position += count;
        return count;
    }

    private boolean next() throws IOException {
        lock.lock();
        try {
            while (pieces.isEmpty() && !ended) {
                changed.await();
            }
            if (pieces.isEmpty()) {
                if (failure != null) {
                    throw failure;
                }
                return false;
            }
            piece = pieces.remove();
            position = 0;
            unread -= piece.length;
            changed.signalAll();
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the client went away");
        } finally {
            lock.unlock();
        }
        taken.run();
        return true;
    }
}
