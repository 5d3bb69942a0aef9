package dev.wherry.daemon.builder.dockerfile.text;

import java.util.Optional;

/**
 * Something in a Dockerfile or ignore file that cannot be accepted. The message reads {@code FILE:LINE:COLUMN: what is
 * wrong}, or {@code FILE: what is wrong} when it is about the file as a whole.
 */
public class DockerfileException extends RuntimeException {

    private static final int SHOWN_LENGTH = 100;

    private final String file;
    /** Empty for the file as a whole. */
    private final Optional<Position> position;

    private final String offendingText;
    private final String problem;
    private final Optional<SourceExcerpt> excerpt;

    /** About a place in the file; {@code offendingText} is the part of the source that is wrong. */
    public DockerfileException(Position position, String offendingText, String problem) {
        this(position.file(), Optional.of(position), offendingText, problem, Optional.empty());
    }

    private DockerfileException(
            String file,
            Optional<Position> position,
            String offendingText,
            String problem,
            Optional<SourceExcerpt> excerpt) {
        super(file + position.map(at -> ":" + at.line() + ":" + at.column()).orElse("") + ": " + problem);
        this.file = file;
        this.position = position;
        this.offendingText = offendingText;
        this.problem = problem;
        this.excerpt = excerpt;
    }

    /** About the file as a whole: {@link #line()} and {@link #column()} are 0. */
    public static DockerfileException ofFile(String file, String problem) {
        return new DockerfileException(file, Optional.empty(), "", problem, Optional.empty());
    }

    /** The same, with the line of the file that it is about, when it is about that file and not another. */
    public DockerfileException showing(String name, byte[] text) {
        return name.equals(file)
                ? new DockerfileException(
                        file, position, offendingText, problem, SourceExcerpt.of(text, line(), column()))
                : this;
    }

    /** The line of the file that it is about, when it is known. */
    public Optional<SourceExcerpt> excerpt() {
        return excerpt;
    }

    /** The file name as it was given to the parser. */
    public String file() {
        return file;
    }

    /** The line from 1, or 0 when the problem is the file as a whole. */
    public int line() {
        return position.map(Position::line).orElse(0);
    }

    /** The last line of what is wrong, or 0 as above. */
    public int endLine() {
        return position.map(Position::endLine).orElse(0);
    }

    /** The column from 1 in UTF-16 units, or 0 when the problem is the file as a whole. */
    public int column() {
        return position.map(Position::column).orElse(0);
    }

    /** The part of the source that is wrong, as it is written there; empty for the file as a whole. */
    public String offendingText() {
        return offendingText;
    }

    /** The message without the position. */
    public String problem() {
        return problem;
    }

    /** {@link #printable} text in quotes. */
    public static String quote(String text) {
        return "\"" + printable(text) + "\"";
    }

    /** Foreign text fit for one line of a message: control characters visible, long text cut. */
    public static String printable(String text) {
        var printable = new StringBuilder();
        int shown = Math.min(text.length(), SHOWN_LENGTH);
        for (int i = 0; i < shown; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\t' -> printable.append("\\t");
                case '\n' -> printable.append("\\n");
                case '\r' -> printable.append("\\r");
                default -> {
                    if (Character.isISOControl(c) || Character.isSurrogate(c) && isLone(text, i)) {
                        printable.append(String.format("\\u%04x", (int) c));
                    } else {
                        printable.append(c);
                    }
                }
            }
        }
        return printable.append(shown < text.length() ? "…" : "").toString();
    }

    private static boolean isLone(String text, int at) {
        char c = text.charAt(at);
        return Character.isHighSurrogate(c)
                ? at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))
                : at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }
}
