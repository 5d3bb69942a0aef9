package dev.wherry.cli.client.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A new file, written from its beginning, in which blocks of zeros are holes: they take no room, as the holes of the file
 * that it is a copy of.
 */
final class SparseFile implements AutoCloseable {
    private static final int BLOCK = 4096;

    private final SeekableByteChannel channel;
    private long size;

    private SparseFile(SeekableByteChannel channel) {
        this.channel = channel;
    }

    /** @param path does not exist */
    static SparseFile create(Path path) throws IOException {
        return new SparseFile(Files.newByteChannel(
                path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)));
    }

    void write(ByteBuffer data) throws IOException {
        int start = data.position();
        int end = data.limit();
        int at = start;
        while (at < end) {
            int next = (int) Math.min(end, at + BLOCK - (size + at - start) % BLOCK);
            boolean hole = isZero(data, at, next);
            // As much as is alike is written, or left out, at once.
            int from = at;
            for (at = next; at < end; at = next) {
                next = (int) Math.min(end, at + BLOCK - (size + at - start) % BLOCK);
                if (isZero(data, at, next) != hole) {
                    break;
                }
            }
            if (!hole) {
                write(data.duplicate().limit(at).position(from), size + from - start);
            }
        }
        size += end - start;
    }

    private void write(ByteBuffer data, long offset) throws IOException {
        channel.position(offset);
        while (data.hasRemaining()) {
            channel.write(data);
        }
    }

    private static boolean isZero(ByteBuffer data, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            if (size > channel.size()) {
                write(ByteBuffer.wrap(new byte[1]), size - 1);
            }
        }
    }
}
