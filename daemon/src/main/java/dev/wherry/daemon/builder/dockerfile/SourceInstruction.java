package dev.wherry.daemon.builder.dockerfile;

import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.lexer.LogicalLine;
import dev.wherry.daemon.builder.dockerfile.lexer.Statement;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.text.Whitespace;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.List;
import java.util.Optional;

/**
 * An instruction together with how it is written: the case of its keyword, the comments above it, and else what its
 * record leaves out because it means nothing to a build.
 */
public final class SourceInstruction {

    private final Instruction instruction;
    private final LogicalLine line;
    private final char escape;

    SourceInstruction(Instruction instruction, LogicalLine line, char escape) {
        this.instruction = instruction;
        this.line = line;
        this.escape = escape;
    }

    public Instruction instruction() {
        return instruction;
    }

    /** From the keyword to the last line of the instruction. */
    public Position position() {
        return instruction.position();
    }

    /** The keyword in the case it has in the file. */
    public String keyword() {
        String text = line.text();
        int end = 0;
        while (end < text.length() && !Whitespace.isBlank(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end);
    }

    /** The arguments after the flags, split at blanks, and where each stands. */
    public List<Word> fields() {
        Statement statement = Statement.of(line, escape);
        return statement.words(statement.arguments().fields());
    }

    /** The comments right above it, without their {@code #}; an empty line or an empty comment parts them from it. */
    public List<String> comments() {
        return line.remarks().comments();
    }

    /** The last line of the instruction, if there is an empty line within it. */
    public Optional<Position> emptyContinuation() {
        return line.emptyContinuation();
    }
}
