package dev.wherry.daemon.linux.isal;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.Optional;

/**
 * Compresses blocks for a stream of raw deflate (RFC 1951). Blocks know nothing of each other, so that they may be
 * compressed side by side; all but the last end on a byte with a full flush, and follow each other to one stream. What
 * comes out is at most a twentieth larger than at zlib's level 2. For one thread.
 */
public final class IsalDeflater {

    /** {@code struct isal_zstream} has 82 KB. */
    private static final int STREAM = 1 << 17;

    private static final int NEXT_IN = 0;
    private static final int AVAIL_IN = 8;
    private static final int NEXT_OUT = 16;
    private static final int AVAIL_OUT = 24;
    private static final int TOTAL_OUT = 28;
    private static final int LEVEL = 40;
    private static final int LEVEL_BUF_SIZE = 44;
    private static final int LEVEL_BUF = 48;
    private static final int END_OF_STREAM = 56;
    private static final int FLUSH = 58;

    private static final short NO_FLUSH = 0;
    private static final short FULL_FLUSH = 2;

    /** As fast as the one below; the next one is a quarter slower, and saves less than two bytes in a hundred. */
    private static final int USED_LEVEL = 2;

    /** {@code ISAL_DEF_LVL2_DEFAULT} */
    private static final int USED_LEVEL_BUF = 331_776;

    private static final ThreadLocal<Optional<IsalDeflater>> OF_THREAD =
            ThreadLocal.withInitial(() -> Isal.library().map(IsalDeflater::new));

    private final LibIsal library;
    private final Memory stream = new Memory(STREAM);
    private final Memory levelBuffer = new Memory(USED_LEVEL_BUF);
    private Memory input = new Memory(1);
    private Memory output = new Memory(1);

    IsalDeflater(LibIsal library) {
        this.library = library;
    }

    /** The one of this thread, where the host has the library. */
    public static Optional<IsalDeflater> ofThread() {
        return OF_THREAD.get();
    }

    /**
     * Compresses the first bytes of an array.
     *
     * @param last whether the stream ends with them
     * @return empty when the library finds that it cannot
     */
    public Optional<byte[]> deflate(byte[] bytes, int length, boolean last) {
        // Incompressible bytes grow by five for each 64 KiB, the ends of blocks and streams by some more.
        int bound = length + (length >> 10) + 1024;
        if (input.size() < length) {
            input = new Memory(length);
        }
        if (output.size() < bound) {
            output = new Memory(bound);
        }
        input.write(0, bytes, 0, length);
        library.isal_deflate_stateless_init(stream);
        stream.setLong(NEXT_IN, Pointer.nativeValue(input));
        stream.setInt(AVAIL_IN, length);
        stream.setLong(NEXT_OUT, Pointer.nativeValue(output));
        stream.setInt(AVAIL_OUT, bound);
        stream.setInt(LEVEL, USED_LEVEL);
        stream.setInt(LEVEL_BUF_SIZE, USED_LEVEL_BUF);
        stream.setLong(LEVEL_BUF, Pointer.nativeValue(levelBuffer));
        stream.setShort(END_OF_STREAM, (short) (last ? 1 : 0));
        stream.setShort(FLUSH, last ? NO_FLUSH : FULL_FLUSH);
        int failure = library.isal_deflate_stateless(stream);
        if (failure != 0 || stream.getInt(AVAIL_IN) != 0) {
            return Optional.empty();
        }
        return Optional.of(output.getByteArray(0, stream.getInt(TOTAL_OUT)));
    }
}
