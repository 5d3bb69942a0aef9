package dev.wherry.daemon.build.dockerfile;

/** {@code RUN command}: runs a command on the filesystem of the stage. Its variables are those of the process. */
public record Run(Position position, String source, CommandLine command) implements Instruction {}
