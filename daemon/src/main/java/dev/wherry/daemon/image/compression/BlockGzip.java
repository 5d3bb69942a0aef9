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

/**
 * Gzip on all processors, as pigz does it (RFC 1952 and 1951): the input is cut into blocks, each is compressed by itself,
 * and all are joined to one stream of one member. The result depends on the bytes and on what compresses the blocks, not
 * on the number of processors. Memory is bounded: a few blocks for each processor.
 */
final class BlockGzip extends FilterOutputStream {

    private static final int BLOCK = 1 << 19;
    private static final int WINDOW = 1 << 15;
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final int IN_FLIGHT = 2 * PROCESSORS;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    /** Shared, so that layers that are compressed side by side do not get in each other's way. Idle threads end. */
    private static final ExecutorService THREADS = threads();

    private final BlockDeflater deflater;
    private final CRC32 crc = new CRC32();
    private final Deque<Future<byte[]>> compressing = new ArrayDeque<>();
    private byte[] block = new byte[BLOCK];
    private int filled;
    private byte[] before = new byte[0];
    private long total;
    private boolean closed;

    BlockGzip(OutputStream out, BlockDeflater deflater) throws IOException {
        super(out);
        this.deflater = deflater;
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
        compressing.add(THREADS.submit(() -> deflater.deflate(input, length, dictionary, last)));
        before = Arrays.copyOfRange(input, Math.max(0, length - WINDOW), length);
        if (!last) {
            block = new byte[BLOCK];
            filled = 0;
        }
        while (compressing.size() > (last ? 0 : IN_FLIGHT)) {
            out.write(finished(compressing.poll()));
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
