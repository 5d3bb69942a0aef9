package dev.wherry.daemon.image.compression;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.linux.isal.IsalInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZIOException;
import org.tukaani.xz.XZInputStream;

/**
 * The plain bytes of a stream that is compressed or not: its first bytes tell how, since media types and file names are
 * wrong now and then. Refuses to give out absurdly more than went in.
 */
public final class Decompression extends FilterInputStream {

    private static final int BUFFER = 1 << 16;

    /** Long runs of zeros compress a thousandfold, and an image may hold some; it may not be made of them. */
    private static final long FREE = 4L << 30;

    private static final long MAX_RATIO = 200;

    /** The strongest setting of xz needs 65 MiB; what needs more is made to. */
    private static final int MOST_KIBIBYTES = 128 << 10;

    private final String what;
    private final Counter compressed;
    private long plain;

    private Decompression(String what, InputStream in, Counter compressed) {
        super(in);
        this.what = what;
        this.compressed = compressed;
    }

    /**
     * @param what names the stream in messages
     * @param consumed told how many bytes of the stream are used up
     * @throws CorruptContentException while reading: the stream is damaged or cut short
     * @throws ExhaustedException while reading: the stream unpacks to absurdly much
     */
    public static InputStream of(String what, InputStream stream, LongConsumer consumed) throws IOException {
        Counter counter = new Counter(stream, consumed);
        BufferedInputStream in = new BufferedInputStream(counter, BUFFER);
        in.mark(8);
        String magic = HexFormat.of().formatHex(in.readNBytes(6));
        in.reset();
        try {
            if (magic.startsWith("1f8b")) {
                return new Decompression(what, gunzip(in), counter);
            }
            if (magic.startsWith("28b52ffd")) {
                return new Decompression(what, new ZstdInputStream(in), counter);
            }
            if (magic.startsWith("425a68")) {
                return new Decompression(what, new Bzip2(in), counter);
            }
            if (magic.equals("fd377a585a00")) {
                return new Decompression(what, new XZInputStream(in, MOST_KIBIBYTES), counter);
            }
        } catch (ZipException | EOFException | XZIOException damaged) {
            throw damaged(what, damaged);
        }
        return in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        int count;
        try {
            count = in.read(buffer, from, length);
        } catch (MemoryLimitException tooMuch) {
            throw new ExhaustedException(
                    what + " needs " + tooMuch.getMemoryNeeded() / 1024 + " MiB of memory to decompress: refused");
        } catch (ZipException | EOFException | ZstdIOException | XZIOException damaged) {
            throw damaged(what, damaged);
        }
        plain += Math.max(count, 0);
        if (plain > FREE && plain / MAX_RATIO > compressed.count) {
            throw new ExhaustedException(what + " unpacks to more than " + MAX_RATIO + " times its size: refused");
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, BUFFER)).length;
    }

    private static InputStream gunzip(InputStream in) throws IOException {
        Optional<InputStream> fast = IsalInputStream.open(in);
        return fast.isPresent() ? fast.get() : new GZIPInputStream(in, BUFFER);
    }

    private static CorruptContentException damaged(String what, IOException cause) {
        return new CorruptContentException(what + " is damaged: it cannot be decompressed", cause);
    }

    /** The library says of damage now and then that an index is out of bounds. */
    private static final class Bzip2 extends FilterInputStream {

        Bzip2(InputStream in) throws IOException {
            super(opened(in));
        }

        private static InputStream opened(InputStream in) throws IOException {
            try {
                return new BZip2CompressorInputStream(in, true);
            } catch (IOException | RuntimeException damaged) {
                throw (IOException) new ZipException(damaged.getMessage()).initCause(damaged);
            }
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            try {
                return in.read(buffer, from, length);
            } catch (IOException | RuntimeException damaged) {
                throw (IOException) new ZipException(damaged.getMessage()).initCause(damaged);
            }
        }
    }

    private static final class Counter extends FilterInputStream {

        private final LongConsumer consumed;
        private long count;

        Counter(InputStream in, LongConsumer consumed) {
            super(in);
            this.consumed = consumed;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int read = in.read(buffer, from, length);
            if (read > 0) {
                count += read;
                consumed.accept(count);
            }
            return read;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
