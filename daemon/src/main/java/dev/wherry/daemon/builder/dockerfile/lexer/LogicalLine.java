package dev.wherry.daemon.builder.dockerfile.lexer;

import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.text.Whitespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One instruction's text: physical lines joined at continuations, without comments, with the places they came from.
 *
 * @param text the joined text, without white space at its ends
 * @param heredocs the here-documents that follow it
 * @param remarks what stands around and in it that means nothing to the build
 * @param anchor where all of it counts as standing, when it is from elsewhere
 */
public record LogicalLine(
        String file,
        String text,
        List<Piece> pieces,
        int endLine,
        List<Heredoc> heredocs,
        Remarks remarks,
        Optional<Position> anchor) {

    /** Where a part of the text came from: it begins at {@code offset} of the joined text. */
    record Piece(int offset, int line, int column) {}

    /**
     * @param comments the comments right above, without their {@code #}; an empty line or comment parts them from it
     * @param emptyLine the last line of an instruction that has an empty line within it, or 0
     */
    public record Remarks(List<String> comments, int emptyLine) {}

    public LogicalLine {
        pieces = List.copyOf(pieces);
        heredocs = List.copyOf(heredocs);
    }

    /** The last line of the instruction, if there is an empty line within it. */
    public Optional<Position> emptyContinuation() {
        int line = remarks.emptyLine();
        return line == 0 ? Optional.empty() : Optional.of(new Position(file, line, 1, line));
    }

    /** The same text, all of it standing at one place. */
    public LogicalLine at(Position place) {
        return new LogicalLine(place.file(), text, pieces, place.endLine(), heredocs, remarks, Optional.of(place));
    }

    /** The instruction that begins within this one. */
    public LogicalLine from(int offset) {
        Position start = position(offset);
        var rest = new ArrayList<Piece>();
        rest.add(new Piece(0, start.line(), start.column()));
        pieces.stream()
                .filter(piece -> piece.offset() > offset)
                .forEach(piece -> rest.add(new Piece(piece.offset() - offset, piece.line(), piece.column())));
        List<Heredoc> moved =
                heredocs.stream().map(heredoc -> heredoc.movedBy(-offset)).toList();
        return new LogicalLine(file, text.substring(offset), rest, endLine, moved, remarks, anchor);
    }

    /** The whole instruction. */
    Position position() {
        if (anchor.isPresent()) {
            return anchor.get();
        }
        Position start = position(0);
        return new Position(file, start.line(), start.column(), endLine);
    }

    /** Where a character of the joined text stands in the file. */
    Position position(int offset) {
        if (anchor.isPresent()) {
            return anchor.get();
        }
        int low = 0;
        int high = pieces.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (pieces.get(middle).offset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Piece piece = pieces.get(low);
        return new Position(file, piece.line(), piece.column() + offset - piece.offset(), piece.line());
    }

    /** Collects the pieces of a line. */
    static final class Builder {
        private final String file;
        private final StringBuilder text = new StringBuilder();
        private final List<Piece> pieces = new ArrayList<>();
        private final List<String> comments;
        private int emptyLine;

        Builder(String file, List<String> comments) {
            this.file = file;
            this.comments = comments;
        }

        /** There was an empty line in the instruction, whose last line this is. */
        void emptyUntil(int line) {
            emptyLine = line;
        }

        /** Adds text of a physical line that begins there at {@code column}. */
        void add(String part, int line, int column) {
            int skipped = text.isEmpty() ? Whitespace.skipSpace(part, 0) : 0;
            if (skipped < part.length()) {
                pieces.add(new Piece(text.length(), line, column + skipped));
                text.append(part, skipped, part.length());
            }
        }

        boolean isEmpty() {
            return text.isEmpty();
        }

        String text() {
            return Whitespace.trim(text.toString());
        }

        LogicalLine build(int endLine, List<Heredoc> heredocs) {
            return new LogicalLine(
                    file, text(), pieces, endLine, heredocs, new Remarks(comments, emptyLine), Optional.empty());
        }
    }
}
