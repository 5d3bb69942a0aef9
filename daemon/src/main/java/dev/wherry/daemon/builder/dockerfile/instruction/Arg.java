package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.List;
import java.util.Optional;

/**
 * {@code ARG name[=default] …}: declares build arguments. Before the first FROM its values are seen by FROM lines only,
 * and by a stage that declares the same name without a default.
 */
public record Arg(Position position, String source, List<Declaration> declarations) implements Instruction {

    public Arg {
        declarations = List.copyOf(declarations);
    }

    /** One name, and the value it has when the build does not give one. */
    public record Declaration(Word name, Optional<Word> defaultValue) {}
}
