package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.word.Word;

/** {@code STOPSIGNAL signal}: a name or number. */
public record StopSignal(Position position, String source, Word signal) implements Instruction {}
