package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;

/** {@code CMD command}: what a container runs, or the default arguments of its entrypoint. */
public record Cmd(Position position, String source, CommandLine command) implements Instruction {}
