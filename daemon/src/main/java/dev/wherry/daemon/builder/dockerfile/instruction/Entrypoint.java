package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;

/** {@code ENTRYPOINT command}: what a container runs always. */
public record Entrypoint(Position position, String source, CommandLine command) implements Instruction {}
