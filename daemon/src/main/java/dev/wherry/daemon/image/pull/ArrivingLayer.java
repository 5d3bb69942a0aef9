package dev.wherry.daemon.image.pull;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes of a layer while they arrive: a read waits until there are more. Nobody has verified them, so what is made of
 * them counts only once the whole layer has arrived and is what was expected. For one reader, and another thread that
 * tells it what has arrived.
 */
final class ArrivingLayer extends InputStream {

    private enum State {
        ARRIVING,
        HERE,
        BROKEN
    }

    private final ContentStore content;
    private final Digest digest;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.ARRIVING;
    private long arrived;
    private InputStream file;
    private long position;

    ArrivingLayer(ContentStore content, Digest digest) {
        this.content = content;
        this.digest = digest;
    }

    /** @param bytes that are here so far; fewer than before when they are brought again from the beginning */
    void advance(long bytes) {
        change(bytes < arrived ? State.BROKEN : state, bytes);
    }

    /** All bytes are here and verified. */
    void end() {
        change(state == State.BROKEN ? state : State.HERE, arrived);
    }

    /** No more will come. */
    void fail() {
        change(State.BROKEN, arrived);
    }

    boolean isHere() {
        lock.lock();
        try {
            return state == State.HERE;
        } finally {
            lock.unlock();
        }
    }

    private void change(State next, long bytes) {
        lock.lock();
        try {
            state = next;
            arrived = bytes;
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
        long ready = awaitBytes();
        if (file == null) {
            file = content.openArriving(digest);
        }
        int count = file.read(bytes, offset, ready < 0 ? length : (int) Math.min(length, ready));
        if (count < 0 && ready >= 0) {
            throw new IOException("the bytes that had arrived are gone");
        }
        position += Math.max(count, 0);
        return count;
    }

    /** @return bytes that can be read now, at least one; -1 when all are here, however many */
    private long awaitBytes() throws IOException {
        lock.lock();
        try {
            while (state == State.ARRIVING && arrived <= position) {
                changed.await();
            }
            if (state == State.BROKEN) {
                throw new IOException("the layer did not arrive");
            }
            return state == State.HERE ? -1 : arrived - position;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("pull cancelled", interrupted);
        } finally {
            lock.unlock();
        }
    }

    /** Never 0 while more may come, since readers of several compressed members take that for the end. */
    @Override
    public int available() throws IOException {
        return isHere() && file != null ? file.available() : 1;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
