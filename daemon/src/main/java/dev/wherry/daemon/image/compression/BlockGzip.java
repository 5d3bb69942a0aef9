package dev.wherry.daemon.image.compression;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Gzip on all processors, as pigz does it (RFC 1952 and 1951): the input is cut into blocks, each is compressed with the
 * end of the one before as its dictionary, and all are joined to one stream. The result depends on the bytes and the
 * level, not on the number of processors. Memory is bounded: a few blocks for each processor.
 */
final class BlockGzip extends FilterOutputStream {

    private static final int BLOCK = 1 << 19;
    private static final int WINDOW = 1 << 15;
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final int IN_FLIGHT = 2 * PROCESSORS;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    /** Shared, so that layers that are compressed side by side do not get in each other's way. Idle threads end. */
    private static final ExecutorService THREADS = threads();

    private final int level;
    private final CRC32 crc = new CRC32();
    private final Deque<Future<byte[]>> compressing = new ArrayDeque<>();
    private byte[] block = new byte[BLOCK];
    private int filled;
    private byte[] before = new byte[0];
    private long total;
    private boolean closed;

    /** @param level of zlib, 0 to 9 */
    BlockGzip(OutputStream out, int level) throws IOException {
        super(out);
        this.level = level;
        out.write(HEADER);
    }

    private static ExecutorService threads() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                PROCESSORS,
                PROCESSORS,
                5,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("compress").factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        crc.update(bytes, offset, length);
        total += length;
        for (int at = offset; at < offset + length; ) {
            if (filled == BLOCK) {
                compress(false);
            }
            int part = Math.min(offset + length - at, BLOCK - filled);
            System.arraycopy(bytes, at, block, filled, part);
            filled += part;
            at += part;
        }
    }

    private void compress(boolean last) throws IOException {
        byte[] input = block;
        int length = filled;
        byte[] dictionary = before;
        compressing.add(THREADS.submit(() -> deflate(input, length, dictionary, last)));
        before = Arrays.copyOfRange(input, Math.max(0, length - WINDOW), length);
        if (!last) {
            block = new byte[BLOCK];
            filled = 0;
        }
        while (compressing.size() > (last ? 0 : IN_FLIGHT)) {
            out.write(finished(compressing.poll()));
        }
    }

    private byte[] deflate(byte[] input, int length, byte[] dictionary, boolean last) {
        Deflater deflater = new Deflater(level, true);
        try {
            if (dictionary.length > 0) {
                deflater.setDictionary(dictionary);
            }
            deflater.setInput(input, 0, length);
            if (last) {
                deflater.finish();
            }
            // Incompressible bytes grow by a few for each 16 KiB, and a flush adds five.
            byte[] output = new byte[length + (length >> 10) + 64];
            int size = 0;
            int flush = last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH;
            while (true) {
                int count = deflater.deflate(output, size, output.length - size, flush);
                size += count;
                boolean done = last ? deflater.finished() : size < output.length;
                if (done) {
                    return Arrays.copyOf(output, size);
                }
                output = Arrays.copyOf(output, output.length + (output.length >> 1) + 64);
            }
        } finally {
            deflater.end();
        }
    }

    private static byte[] finished(Future<byte[]> block) throws IOException {
        try {
            return block.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while compressing");
        } catch (ExecutionException failure) {
            throw new IOException("cannot compress", failure.getCause());
        }
    }

    /** Bytes stay here until their block is full. */
    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (OutputStream ended = out) {
            compress(true);
            byte[] trailer = new byte[8];
            for (int i = 0; i < 4; i++) {
                trailer[i] = (byte) (crc.getValue() >>> (8 * i));
                trailer[4 + i] = (byte) (total >>> (8 * i));
            }
            ended.write(trailer);
        }
    }
}
