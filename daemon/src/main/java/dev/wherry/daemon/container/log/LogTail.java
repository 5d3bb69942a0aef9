package dev.wherry.daemon.container.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** Finds where the last lines of a log begin, from its end backwards; the files of one log one after the other. */
final class LogTail {

    private final int wanted;
    private int lines;

    /** @param wanted lines, at least one */
    LogTail(int wanted) {
        this.wanted = wanted;
    }

    /** Where the wanted lines begin in this file; -1 when an older file holds more of them. */
    long find(FileChannel channel) throws IOException {
        // An entry that is full and is not the last begins a line after it.
        long end = channel.size();
        long entryEnd = end;
        byte[] rest = new byte[0];
        for (long position = end; position > 0; ) {
            int size = (int) Math.min(LogReader.BLOCK, position);
            position -= size;
            ByteBuffer block = ByteBuffer.allocate(size);
            while (block.hasRemaining() && channel.read(block, position + block.position()) > 0) {}
            byte[] bytes = LogReader.join(block.array(), rest, rest.length);
            int entryLimit = bytes.length;
            for (int i = bytes.length - 1; i >= 0; i--) {
                if (bytes[i] == '\n') {
                    if (isFull(bytes, i + 1, entryLimit) && lines++ == wanted) {
                        return entryEnd;
                    }
                    entryEnd = position + i + 1;
                    entryLimit = i;
                }
            }
            rest = Arrays.copyOf(bytes, Math.min(entryLimit, LogReader.LONGEST_ENTRY));
        }
        return isFull(rest, 0, rest.length) && lines++ == wanted ? entryEnd : -1;
    }

    /** Whether an entry has "stdout F " or "stderr F " after its time. */
    private static boolean isFull(byte[] bytes, int start, int end) {
        int space = start;
        while (space < end && bytes[space] != ' ') {
            space++;
        }
        int mark = space + 1 + LogReader.FULL_MARK_AT;
        return mark < end && bytes[mark] == 'F';
    }
}
