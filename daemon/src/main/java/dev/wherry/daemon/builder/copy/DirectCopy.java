package dev.wherry.daemon.builder.copy;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Copies a large file past the page cache. Filling fresh pages of memory that are read once at most costs more than
 * writing to the disk at once, and the data would have to go there before the image is published anyway.
 */
final class DirectCopy {

    /** Smaller files are copied sooner by the kernel alone, in bytes. */
    static final long WORTHWHILE = 8L << 20;

    private static final int CHUNK = 4 << 20;
    private static final int ALIGNMENT = 4096;

    private DirectCopy() {}

    /** Whether the file system could do it; if not, nothing is at the target. */
    static boolean copy(Path source, Path target, long size) throws IOException {
        try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            FileChannel to;
            try {
                to = FileChannel.open(
                        target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, ExtendedOpenOption.DIRECT);
            } catch (IOException | UnsupportedOperationException notHere) {
                Files.deleteIfExists(target);
                return false;
            }
            try (to) {
                copy(from, to, size);
            }
            return true;
        }
    }

    private static void copy(FileChannel from, FileChannel to, long size) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK + ALIGNMENT).alignedSlice(ALIGNMENT);
        buffer.limit(CHUNK);
        long copied = 0;
        while (copied < size) {
            buffer.clear().limit(CHUNK);
            while (buffer.hasRemaining() && from.read(buffer) > 0) {
                // The whole chunk, since only whole blocks can be written.
            }
            int length = buffer.position();
            if (length == 0) {
                return;
            }
            int whole = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            buffer.flip().limit(whole);
            while (buffer.hasRemaining()) {
                to.write(buffer, copied + buffer.position());
            }
            copied += length;
        }
        to.truncate(size);
    }
}
