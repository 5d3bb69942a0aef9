package dev.wherry.daemon.linux.isal;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The plain bytes of a gzip stream (RFC 1952) of one or more members, whose checksums are verified. Like the JDK's, it
 * ends before trailing bytes that begin no member.
 */
public final class IsalInputStream extends InputStream {

    private static final int BUFFER = 1 << 16;

    /** {@code struct inflate_state} has 87 KB. */
    private static final int STATE = 1 << 17;

    private static final int NEXT_OUT = 0;
    private static final int AVAIL_OUT = 8;
    private static final int NEXT_IN = 16;
    private static final int AVAIL_IN = 32;
    private static final int BLOCK_STATE = 21_160;
    private static final int CRC_FLAG = 21_172;

    private static final int GZIP = 1;
    private static final int FINISHED = 5;

    /** As many bytes of a member as tell whether it is one, and has a checksum of its header. */
    private static final int START = 4;

    private static final int FLAGS = 3;
    private static final int HEADER_CHECKSUM = 2;

    private final LibIsal library;
    private final InputStream in;
    private final Memory state = new Memory(STATE);
    private final Memory input = new Memory(BUFFER);
    private final Memory output = new Memory(2 * BUFFER);
    private final byte[] read = new byte[BUFFER];

    /** Against a close while another thread reads: the memory must not go away below it. */
    private final ReentrantLock reading = new ReentrantLock();

    private int outputFrom;
    private int outputTo;
    private boolean begun;
    private boolean ended;

    /** Reads from a member on whose header has a checksum, which the library gets wrong; else null. */
    private InputStream others;

    private volatile boolean closed;

    IsalInputStream(LibIsal library, InputStream in) {
        this.library = library;
        this.in = in;
        startMember(0, 0);
    }

    /** A stream that decompresses another one, where the host has the library; closing it closes both. */
    public static Optional<InputStream> open(InputStream in) {
        return Isal.library().map(library -> new IsalInputStream(library, in));
    }

    private void startMember(int from, int available) {
        library.isal_inflate_init(state);
        state.setInt(CRC_FLAG, GZIP);
        state.setInt(AVAIL_OUT, 1);
        state.setLong(NEXT_IN, Pointer.nativeValue(input) + from);
        state.setInt(AVAIL_IN, available);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        reading.lock();
        try {
            if (closed) {
                throw new IOException("stream closed");
            }
            while (outputFrom == outputTo && !ended && others == null) {
                inflate();
            }
            if (outputFrom == outputTo && others != null) {
                return others.read(buffer, from, length);
            }
            if (outputFrom == outputTo) {
                return -1;
            }
            int count = Math.min(length, outputTo - outputFrom);
            output.read(outputFrom, buffer, from, count);
            outputFrom += count;
            return count;
        } finally {
            reading.unlock();
        }
    }

    private void inflate() throws IOException {
        if (!begun || state.getInt(BLOCK_STATE) == FINISHED) {
            ended = !nextMember() && begun;
            begun = true;
            if (ended || others != null) {
                return;
            }
        }
        boolean moreToGive = state.getInt(AVAIL_OUT) == 0;
        if (state.getInt(AVAIL_IN) == 0 && !moreToGive && !fill(0)) {
            throw new EOFException("the compressed stream is cut short");
        }
        state.setLong(NEXT_OUT, Pointer.nativeValue(output));
        state.setInt(AVAIL_OUT, (int) output.size());
        int failure = library.isal_inflate(state);
        if (failure != 0) {
            throw new ZipException("the compressed stream is damaged (" + failure + ")");
        }
        outputFrom = 0;
        outputTo = (int) output.size() - state.getInt(AVAIL_OUT);
    }

    /** Whether another member follows; if so, it is begun. */
    private boolean nextMember() throws IOException {
        int available = state.getInt(AVAIL_IN);
        int from = (int) (state.getLong(NEXT_IN) - Pointer.nativeValue(input));
        if (available < START) {
            input.write(0, input.getByteArray(from, available), 0, available);
            from = 0;
            state.setLong(NEXT_IN, Pointer.nativeValue(input));
            while (available < START && fill(available)) {
                available = state.getInt(AVAIL_IN);
            }
        }
        if (available < 2 || input.getByte(from) != 0x1f || input.getByte(from + 1) != (byte) 0x8b) {
            return false;
        }
        if (available >= START && (input.getByte(from + FLAGS) & HEADER_CHECKSUM) != 0) {
            InputStream rest = new ByteArrayInputStream(input.getByteArray(from, available));
            others = new GZIPInputStream(new SequenceInputStream(rest, in), BUFFER);
        } else {
            startMember(from, available);
        }
        return true;
    }

    /** Reads more bytes behind those that are kept at the start of the buffer; says whether there were any. */
    private boolean fill(int kept) throws IOException {
        int count = in.read(read, 0, BUFFER - kept);
        if (count <= 0) {
            return false;
        }
        input.write(kept, read, 0, count);
        state.setLong(NEXT_IN, Pointer.nativeValue(input));
        state.setInt(AVAIL_IN, kept + count);
        return true;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        // Where someone reads, the memory is freed once nothing refers to it.
        if (reading.tryLock()) {
            try {
                state.close();
                input.close();
                output.close();
            } finally {
                reading.unlock();
            }
        }
        in.close();
    }
}
