package dev.wherry.daemon.container;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.runtime.OutputSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/**
 * Reads the log that conmon writes ("k8s-file"): a line an entry, which holds the time, the stream, F or P, and the
 * content. F is the last part of a line, P an earlier one. Never more than one block and one entry are in memory.
 */
final class LogReader {

    private static final int BLOCK = 64 << 10;
    /** conmon cuts at 8 KiB; a longer entry is not its own and is passed on in parts. */
    private static final int LONGEST_ENTRY = 256 << 10;

    private static final long POLL_MILLIS = 25;
    private static final int FULL_MARK_AT = 7;

    private final Path file;
    private final LogRequest request;
    private final LogEntries entries;

    LogReader(Path file, LogRequest request, OutputSink sink) {
        this.file = file;
        this.request = request;
        this.entries = new LogEntries(request, sink);
    }

    /** @param running whether more may come */
    void read(BooleanSupplier running) throws InterruptedException {
        try (FileChannel channel = FileChannel.open(file)) {
            long position = start(channel);
            byte[] carried = new byte[0];
            while (!entries.isPastEnd()) {
                boolean last = !request.follow() || !running.getAsBoolean();
                ByteBuffer block = ByteBuffer.allocate(BLOCK);
                int length = channel.read(block, position);
                if (length > 0) {
                    position += length;
                    carried = split(join(carried, block.array(), length));
                } else if (last) {
                    return;
                } else {
                    Thread.sleep(POLL_MILLIS);
                }
            }
        } catch (NoSuchFileException neverStarted) {
            // Then nothing was ever written.
        } catch (IOException failure) {
            throw new HostException("cannot read the log " + file + ": " + failure.getMessage(), failure);
        }
    }

    private byte[] split(byte[] bytes) {
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                entries.accept(bytes, start, i);
                start = i + 1;
            }
        }
        if (bytes.length - start > LONGEST_ENTRY) {
            entries.accept(bytes, start, bytes.length);
            return new byte[0];
        }
        return Arrays.copyOfRange(bytes, start, bytes.length);
    }

    private static byte[] join(byte[] carried, byte[] block, int length) {
        byte[] joined = Arrays.copyOf(carried, carried.length + length);
        System.arraycopy(block, 0, joined, carried.length, length);
        return joined;
    }

    /** Where the wanted last lines begin, found from the end of the file. */
    private long start(FileChannel channel) throws IOException {
        OptionalInt tail = request.tail();
        if (tail.isEmpty() || tail.getAsInt() < 0) {
            return 0;
        }
        long end = channel.size();
        if (tail.getAsInt() == 0) {
            return end;
        }
        // Entries from the end backwards; one that is full and is not the last begins a line after it.
        int lines = 0;
        long entryEnd = end;
        byte[] rest = new byte[0];
        for (long position = end; position > 0; ) {
            int size = (int) Math.min(BLOCK, position);
            position -= size;
            ByteBuffer block = ByteBuffer.allocate(size);
            while (block.hasRemaining() && channel.read(block, position + block.position()) > 0) {}
            byte[] bytes = join(block.array(), rest, rest.length);
            int entryLimit = bytes.length;
            for (int i = bytes.length - 1; i >= 0; i--) {
                if (bytes[i] == '\n') {
                    if (isFull(bytes, i + 1, entryLimit) && lines++ == tail.getAsInt()) {
                        return entryEnd;
                    }
                    entryEnd = position + i + 1;
                    entryLimit = i;
                }
            }
            rest = Arrays.copyOf(bytes, Math.min(entryLimit, LONGEST_ENTRY));
        }
        return isFull(rest, 0, rest.length) && lines == tail.getAsInt() ? entryEnd : 0;
    }

    /** Whether an entry has "stdout F " or "stderr F " after its time. */
    private static boolean isFull(byte[] bytes, int start, int end) {
        int space = start;
        while (space < end && bytes[space] != ' ') {
            space++;
        }
        int mark = space + 1 + FULL_MARK_AT;
        return mark < end && bytes[mark] == 'F';
    }
}
