package dev.wherry.daemon.build.dockerfile;

/** {@code STOPSIGNAL signal}: a name or number. */
public record StopSignal(Position position, String source, Word signal) implements Instruction {}
