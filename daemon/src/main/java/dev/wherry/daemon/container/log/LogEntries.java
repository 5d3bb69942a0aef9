package dev.wherry.daemon.container.log;

import dev.wherry.daemon.runtime.OutputSink;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Arrays;

/** Turns the entries of a log into the output of the container: only the requested times, with partial lines joined. */
final class LogEntries {

    private static final DateTimeFormatter TIMESTAMP =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter();
    private static final int HEADER_AFTER_TIME = " stdout F ".length();

    private final LogRequest request;
    private final String attributes;
    private final OutputSink sink;
    private boolean outInLine;
    private boolean errInLine;
    private boolean pastEnd;
    private volatile Instant end;

    /** @param attributes the prefix of each line when details are requested */
    LogEntries(LogRequest request, String attributes, OutputSink sink) {
        this.request = request;
        this.attributes = attributes;
        this.sink = sink;
        this.end = request.until().orElse(Instant.MAX);
    }

    /** Passes on nothing that was written then or later. */
    void endBefore(Instant time) {
        if (time.isBefore(end)) {
            end = time;
        }
    }

    boolean isPastEnd() {
        return pastEnd;
    }

    void accept(byte[] bytes, int start, int end) {
        int space = start;
        while (space < end && bytes[space] != ' ') {
            space++;
        }
        int content = space + HEADER_AFTER_TIME;
        if (content > end) {
            return;
        }
        Instant time = time(new String(bytes, start, space - start, StandardCharsets.US_ASCII));
        if (time == null) {
            return;
        }
        boolean full = bytes[content - 2] == 'F';
        boolean error = bytes[space + 4] == 'e';
        byte[] line = Arrays.copyOfRange(bytes, content, end + (full ? 1 : 0));
        if (full) {
            line[line.length - 1] = '\n';
        }
        accept(error, full, time, line);
    }

    /**
     * Passes on a part of a line, if its time is requested.
     *
     * @param full true for the last part of a line, which ends in a newline
     */
    void accept(boolean error, boolean full, Instant time, byte[] line) {
        if (request.since().filter(time::isBefore).isPresent()) {
            return;
        }
        if (!time.isBefore(end)) {
            pastEnd = true;
            return;
        }
        boolean inLine = error ? errInLine : outInLine;
        boolean marked = !inLine && (request.timestamps() || request.details());
        byte[] chunk = marked ? prefixed(time, line) : line;
        if (error) {
            errInLine = !full;
            sink.stderr(chunk);
        } else {
            outInLine = !full;
            sink.stdout(chunk);
        }
    }

    private byte[] prefixed(Instant time, byte[] line) {
        String mark = (request.timestamps() ? TIMESTAMP.format(time) + " " : "")
                + (request.details() ? attributes + " " : "");
        byte[] prefix = mark.getBytes(StandardCharsets.US_ASCII);
        byte[] chunk = Arrays.copyOf(prefix, prefix.length + line.length);
        System.arraycopy(line, 0, chunk, prefix.length, line.length);
        return chunk;
    }

    /** The time of an entry; null if the text is not a time. */
    static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text)
                    .withOffsetSameInstant(ZoneOffset.UTC)
                    .toInstant();
        } catch (DateTimeException notAnEntry) {
            return null;
        }
    }
}
