package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.word.Word;

/** {@code USER user[:group]}: names or numbers for later RUN, CMD and ENTRYPOINT. */
public record UserInstruction(Position position, String source, Word user) implements Instruction {}
