package dev.wherry.daemon.snapshot.tar;

import dev.wherry.daemon.error.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Keeps the bytes that are read while it records, of which there may be a limited number only. */
final class HeaderRecorder extends InputStream {

    private final InputStream in;
    private final int most;
    private byte[] recorded = new byte[4096];
    private int length;
    private boolean recording;
    private long position;

    HeaderRecorder(InputStream in, int most) {
        this.in = in;
        this.most = most;
    }

    void start() {
        length = 0;
        recording = true;
    }

    /** What was read since {@link #start}. */
    byte[] stop() {
        recording = false;
        return length == 0 ? new byte[0] : Arrays.copyOf(recorded, length);
    }

    /** Bytes read from the beginning of the stream. */
    long position() {
        return position;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Reads all that is asked for unless the stream ends: the library takes less for the end of a part of a sparse file. */
    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        int read = in.readNBytes(bytes, offset, count);
        position += read;
        if (recording) {
            keep(bytes, offset, read);
        }
        return read == 0 && count > 0 ? -1 : read;
    }

    private void keep(byte[] bytes, int offset, int count) {
        if (count > most - length) {
            throw new InvalidInputException("a tar entry has more than " + most + " bytes of headers");
        }
        if (count > recorded.length - length) {
            recorded = Arrays.copyOf(recorded, Math.max(2 * recorded.length, length + count));
        }
        System.arraycopy(bytes, offset, recorded, length, count);
        length += count;
    }
}
