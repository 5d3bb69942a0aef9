package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/** A tar stream that is counted, read in large pieces, and checked against its diff ID when there is one. */
final class VerifyingInput extends FilterInputStream {

    private final Optional<Digest> expected;
    private final MessageDigest actual;
    private final byte[] buffer = new byte[1 << 18];
    private int position;
    private int limit;
    private long count;

    VerifyingInput(InputStream in, Optional<Digest> expected) {
        super(in);
        this.expected = expected;
        this.actual = expected.map(Digest::newMessageDigest).orElse(null);
    }

    @Override
    public int read() throws IOException {
        return position < limit || fill() ? buffer[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (position == limit && length >= buffer.length) {
            int read = in.read(bytes, offset, length);
            taken(bytes, offset, read);
            return read;
        }
        if (position == limit && !fill()) {
            return -1;
        }
        int part = Math.min(length, limit - position);
        System.arraycopy(buffer, position, bytes, offset, part);
        position += part;
        return part;
    }

    private boolean fill() throws IOException {
        int read = in.read(buffer);
        if (read <= 0) {
            return false;
        }
        position = 0;
        limit = read;
        taken(buffer, 0, read);
        return true;
    }

    private void taken(byte[] bytes, int offset, int read) {
        count += Math.max(read, 0);
        if (actual != null && read > 0) {
            actual.update(bytes, offset, read);
        }
    }

    /**
     * Reads what follows the archive, which belongs to the digest too, and returns the bytes of the whole stream.
     *
     * @param most bytes that may follow
     */
    long verifyToEnd(long most) {
        long before = count;
        try {
            while (fill()) {
                if (count - before > most) {
                    throw new ExhaustedException("the tar stream does not end: " + most + " bytes follow the archive");
                }
            }
        } catch (IOException failure) {
            throw new CorruptContentException("the tar stream breaks off: " + failure.getMessage(), failure);
        }
        if (expected.isPresent()
                && !HexFormat.of()
                        .formatHex(actual.digest())
                        .equals(expected.get().hex())) {
            throw new CorruptContentException("the layer is not " + expected.get() + ": its bytes have another digest");
        }
        return count;
    }
}
