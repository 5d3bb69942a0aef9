package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.word.Word;

/** {@code WORKDIR path}: the directory of later instructions and of the container, relative to the one before. */
public record Workdir(Position position, String source, Word path) implements Instruction {}
