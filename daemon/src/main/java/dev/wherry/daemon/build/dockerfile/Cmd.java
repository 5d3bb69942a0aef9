package dev.wherry.daemon.build.dockerfile;

/** {@code CMD command}: what a container runs, or the default arguments of its entrypoint. */
public record Cmd(Position position, String source, CommandLine command) implements Instruction {}
