package dev.wherry.daemon.build.dockerfile;

/** {@code ENTRYPOINT command}: what a container runs always. */
public record Entrypoint(Position position, String source, CommandLine command) implements Instruction {}
