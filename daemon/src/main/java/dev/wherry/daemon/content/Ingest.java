package dev.wherry.daemon.content;

import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.linux.StorageFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Content on its way in. Bytes are appended and hashed as they come. {@link #commit} verifies and publishes them; closed
 * without it, they wait for the next ingest of the same key, which hashes them again before it goes on. For one thread.
 */
public final class Ingest implements AutoCloseable {

    private static final int BUFFER = 1 << 18;

    private final ContentStore store;
    private final String name;
    private final Path file;
    private final FileChannel channel;
    private final MessageDigest hash = Digest.newBulkSha256();
    private long offset;
    private Digest digest;
    private boolean open = true;

    Ingest(ContentStore store, String name, Path file) throws IOException {
        this.store = store;
        this.name = name;
        this.file = file;
        this.offset = Files.exists(file) ? update(hash, file) : 0;
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.position(offset);
    }

    /** Bytes taken in so far. */
    public long offset() {
        return offset;
    }

    /** @throws ExhaustedException when the disk is full */
    public void write(byte[] bytes, int from, int length) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, from, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot store content", failure);
        }
        hash.update(bytes, from, length);
        offset += length;
    }

    /** The SHA-256 of all that was taken in; nothing can be added afterwards. */
    public Digest digest() {
        if (digest == null) {
            digest = Digest.ofSha256(hash.digest());
        }
        return digest;
    }

    /** What is written to it is taken in; to close it does nothing. */
    public OutputStream stream() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                Ingest.this.write(bytes, from, length);
            }
        };
    }

    /** Forgets what was taken in. */
    public void restart() {
        digest = null;
        if (offset == 0) {
            return;
        }
        try {
            channel.truncate(0);
            channel.position(0);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot store content", failure);
        }
        hash.reset();
        offset = 0;
    }

    /**
     * Publishes the content if it is what was expected, and closes the ingest. Content that is not is dropped.
     *
     * @return the expected digest
     * @throws CorruptContentException when digest or size differ
     */
    public Digest commit(Digest expected, long expectedSize) {
        try {
            verify(expected, expectedSize);
            publish(expected);
            return expected;
        } catch (IOException failure) {
            throw StorageFailure.of("cannot store " + expected, failure);
        } finally {
            close();
        }
    }

    /**
     * Publishes whatever was taken in, and closes the ingest.
     *
     * @return its digest
     */
    public Digest commit() {
        try {
            publish(digest());
            return digest;
        } catch (IOException failure) {
            throw StorageFailure.of("cannot store content", failure);
        } finally {
            close();
        }
    }

    private void publish(Digest digest) throws IOException {
        channel.force(true);
        channel.close();
        Path blob = store.path(digest);
        Files.createDirectories(blob.getParent());
        Files.move(file, blob, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(blob.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /**
     * Checks that all of some content was taken in; what was is dropped when it is anything else.
     *
     * @throws CorruptContentException when digest or size differ
     */
    public void require(Digest expected, long expectedSize) {
        try {
            verify(expected, expectedSize);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot store " + expected, failure);
        }
    }

    private void verify(Digest expected, long expectedSize) throws IOException {
        if (offset != expectedSize) {
            Files.delete(file);
            throw new CorruptContentException(
                    expected + " should have " + expectedSize + " bytes but " + offset + " arrived");
        }
        Digest actual = digest();
        if (!expected.algorithm().equals(actual.algorithm())) {
            MessageDigest other = expected.newMessageDigest();
            update(other, file);
            actual = new Digest(expected.algorithm(), HexFormat.of().formatHex(other.digest()));
        }
        if (!actual.equals(expected)) {
            Files.delete(file);
            throw new CorruptContentException("content that should be " + expected + " is " + actual);
        }
    }

    /** Closes the ingest and forgets what was taken in, on disk too. */
    public void discard() {
        try {
            if (open) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot remove content that did not arrive", failure);
        } finally {
            close();
        }
    }

    private static long update(MessageDigest hash, Path file) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long total = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int count; (count = in.read(buffer)) >= 0; total += count) {
                hash.update(buffer, 0, count);
            }
        }
        return total;
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        try {
            channel.close();
        } catch (IOException ignored) {
            // What was written is verified at commit or hashed again by the next ingest.
        } finally {
            store.release(name);
        }
    }
}
