package dev.wherry.daemon.snapshot.tar;

import dev.wherry.daemon.content.Digest;
import java.io.IOException;
import java.security.MessageDigest;

/**
 * What a tar stream says besides the content of its files: the bytes of its headers, in their order, and its length. Two
 * streams with the same outline differ in the content of files only, if at all. A stream with anything but zeros where
 * archives are padded has the outline of no other.
 */
public final class TarOutline {

    private static final int BLOCK = 512;
    private static final int END = 2 * BLOCK;

    private final MessageDigest headers = Digest.newSha256();
    private long length;
    private boolean padded = true;
    private Digest digest;

    /** Adds the headers of an entry as they were read, after the padding of the entry before. */
    void header(byte[] bytes, int padding) {
        pad(bytes, Math.min(padding, bytes.length));
        headers.update(bytes, padding, Math.max(bytes.length - padding, 0));
    }

    /** Adds what was read instead of an entry when there was none any more, and how long all was. */
    void end(byte[] bytes, int padding, long position) {
        padded &= bytes.length == padding + END;
        pad(bytes, bytes.length);
        length = position;
        digest = Digest.ofSha256(headers.digest());
    }

    private void pad(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            padded &= bytes[i] == 0;
        }
    }

    /** Bytes of the stream up to the end of the archive. */
    public long length() {
        return length;
    }

    /** Whether both have ended, and are the same. */
    public boolean matches(TarOutline other) {
        return digest != null && digest.equals(other.digest) && length == other.length && padded && other.padded;
    }

    /** Takes entries and makes an outline of the stream that {@link TarWriter} would write of them. */
    public EntrySink sink() {
        return new EntrySink() {
            @Override
            public void begin(TarEntry entry) throws IOException {
                byte[] header = TarWriter.header(entry);
                headers.update(header);
                length += header.length + (entry.size() + BLOCK - 1) / BLOCK * BLOCK;
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                // The content is no part of the outline.
            }

            @Override
            public void end() {
                // The padding is counted with the header.
            }

            @Override
            public void finish() {
                TarOutline.this.end(new byte[END], 0, length + END);
            }
        };
    }
}
