package dev.wherry.daemon.container.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** Finds where a time begins in a log whose entries are in the order of their times, without reading all of it. */
final class LogSearch {

    private LogSearch() {}

    /** A place before the first entry of that time or later, and not far before it. */
    static long find(FileChannel channel, Instant since) throws IOException {
        long low = 0;
        long high = channel.size();
        while (high - low > LogReader.BLOCK) {
            long middle = low + (high - low) / 2;
            Optional<Entry> entry = next(channel, middle, high);
            if (entry.isPresent() && entry.get().time().isBefore(since)) {
                low = entry.get().position();
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether the first entry is of an earlier time; false when there is none. */
    static boolean beginsBefore(FileChannel channel, Instant since) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(64);
        channel.read(block, 0);
        return time(block.array(), 0).filter(time -> time.isBefore(since)).isPresent();
    }

    private record Entry(long position, Instant time) {}

    /** The first whole entry after a place. */
    private static Optional<Entry> next(FileChannel channel, long from, long end) throws IOException {
        byte[] bytes = new byte[LogReader.BLOCK];
        for (long position = from; position < end; ) {
            int length = channel.read(ByteBuffer.wrap(bytes), position);
            if (length <= 0) {
                return Optional.empty();
            }
            for (int i = 0; i < length - 1; i++) {
                if (bytes[i] == '\n') {
                    Optional<Instant> time = time(bytes, i + 1);
                    if (time.isPresent()) {
                        return Optional.of(new Entry(position + i + 1, time.get()));
                    }
                }
            }
            // The time of an entry may lie across the end of the block.
            position += length == LogReader.BLOCK ? length - 64 : length;
        }
        return Optional.empty();
    }

    private static Optional<Instant> time(byte[] bytes, int start) {
        int space = start;
        while (space < bytes.length && bytes[space] != ' ') {
            space++;
        }
        return space - start > 40
                ? Optional.empty()
                : Optional.ofNullable(
                        LogEntries.time(new String(bytes, start, space - start, StandardCharsets.US_ASCII)));
    }
}
