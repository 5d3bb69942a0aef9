package dev.wherry.daemon.builder.dockerfile.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** The physical lines of a file, decoded one at a time. */
public final class SourceLines {

    /** No Dockerfile is longer. */
    public static final int MAX_BYTES = 1024 * 1024;

    /** As long as a line may be in Docker, which reads lines into a buffer of 64 KiB. */
    static final int MAX_LINE = 64 * 1024 - 1;

    private final String file;
    private final byte[] bytes;
    private int next;
    private int number;

    public SourceLines(String file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
        boolean marked = startsWith(0xEF, 0xBB, 0xBF);
        if (startsWith(0xFF, 0xFE) || startsWith(0xFE, 0xFF)) {
            throw DockerfileException.ofFile(file, "the file is UTF-16 text; save it as UTF-8");
        }
        next = marked ? 3 : 0;
    }

    private boolean startsWith(int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    public boolean hasNext() {
        return next < bytes.length;
    }

    /** The number of the line read last, from 1. */
    public int number() {
        return number;
    }

    /** The next line without its end. Whatever encoding a comment has does no harm, so it may be undecodable. */
    public String read() {
        int start = next;
        int end = advance();
        while (end > start && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        return decode(start, end, true);
    }

    /** The next line as a part of a here-document: with its end, and no line is a comment. */
    public String readBody() {
        int start = next;
        return decode(start, advance(), false);
    }

    /** Moves to the next line and answers where that is. */
    private int advance() {
        int start = next;
        while (next < bytes.length && bytes[next] != '\n') {
            next++;
        }
        next = Math.min(next + 1, bytes.length);
        number++;
        if (next - start > MAX_LINE) {
            throw new DockerfileException(at(1), "", "the line is longer than " + MAX_LINE + " bytes");
        }
        return next;
    }

    private String decode(int start, int end, boolean mayBeComment) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(end - start);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes, start, end - start), text, true);
        String line = text.flip().toString();
        if (mayBeComment && isComment(line)) {
            return result.isError() ? "#" : line;
        }
        if (result.isError()) {
            throw new DockerfileException(at(line.length() + 1), line, "the line is not UTF-8 text");
        }
        int zero = line.indexOf('\0');
        if (zero >= 0) {
            throw new DockerfileException(at(zero + 1), line, "the line has a zero byte in it");
        }
        return line;
    }

    public static boolean isComment(String line) {
        int start = Whitespace.skipSpace(line, 0);
        return start < line.length() && line.charAt(start) == '#';
    }

    public Position at(int column) {
        return new Position(file, number, column, number);
    }
}
