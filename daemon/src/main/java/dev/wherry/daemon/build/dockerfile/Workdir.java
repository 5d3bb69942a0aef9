package dev.wherry.daemon.build.dockerfile;

/** {@code WORKDIR path}: the directory of later instructions and of the container, relative to the one before. */
public record Workdir(Position position, String source, Word path) implements Instruction {}
