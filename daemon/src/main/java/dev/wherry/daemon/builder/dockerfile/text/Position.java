package dev.wherry.daemon.builder.dockerfile.text;

/**
 * A place in a Dockerfile or ignore file.
 *
 * @param file the file name as the user gave it
 * @param line the first line, from 1
 * @param column the first character in that line, from 1, counted in UTF-16 units
 * @param endLine the last line, the same as {@code line} unless the text goes on over several lines
 */
public record Position(String file, int line, int column, int endLine) {

    public Position {
        if (line < 1 || column < 1 || endLine < line) {
            throw new IllegalArgumentException("no such position: " + line + ":" + column + "-" + endLine);
        }
    }
}
