package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.content.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Passes bytes on and computes their SHA-256. What is more than a buffer is hashed in a second thread while the next
 * buffer fills, since reading a file takes about as long as hashing it.
 */
final class HashingOutput extends OutputStream {

    private static final int BUFFER_SIZE = 1 << 20;
    private static final int BUFFERS = 3;

    private final MessageDigest sha256 = Digest.newBulkSha256();
    private final OutputStream next;
    private final BlockingQueue<ByteBuffer> empty = new ArrayBlockingQueue<>(BUFFERS);
    private final BlockingQueue<ByteBuffer> full = new ArrayBlockingQueue<>(BUFFERS + 1);
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);
    private int buffers = 1;
    private Thread hasher;
    private long count;

    HashingOutput(OutputStream next) {
        this.next = next;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        while (at < offset + length) {
            int part = Math.min(offset + length - at, buffer.remaining());
            buffer.put(bytes, at, part);
            at += part;
            passOnWhenFull();
        }
    }

    /** The digest of all that was written; nothing can be written afterwards. */
    Digest finish() throws IOException {
        buffer.flip();
        count += buffer.remaining();
        next.write(buffer.array(), 0, buffer.limit());
        if (hasher != null) {
            full.add(buffer);
            stopHasher();
        } else {
            sha256.update(buffer);
        }
        return Digest.ofSha256(sha256.digest());
    }

    /** Bytes written, once finished. */
    long count() {
        return count;
    }

    private void passOnWhenFull() throws IOException {
        if (buffer.hasRemaining()) {
            return;
        }
        if (hasher == null) {
            hasher = Thread.ofVirtual().name("hash").start(this::hash);
        }
        count += buffer.flip().remaining();
        byte[] bytes = buffer.array();
        full.add(buffer);
        next.write(bytes, 0, bytes.length);
        buffer = nextEmpty();
    }

    private ByteBuffer nextEmpty() throws IOException {
        ByteBuffer free = empty.poll();
        if (free == null && buffers < BUFFERS) {
            buffers++;
            return ByteBuffer.allocate(BUFFER_SIZE);
        }
        try {
            return free == null ? empty.take() : free;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void hash() {
        try {
            for (ByteBuffer bytes = full.take(); bytes.hasRemaining(); bytes = full.take()) {
                sha256.update(bytes);
                empty.add(bytes.clear());
            }
        } catch (InterruptedException stopped) {
            // Nobody wants the digest any more.
        }
    }

    private void stopHasher() throws IOException {
        full.add(ByteBuffer.allocate(0));
        try {
            hasher.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public void close() {
        if (hasher != null) {
            hasher.interrupt();
        }
    }
}
