package dev.wherry.daemon.build.dockerfile;

/** {@code USER user[:group]}: names or numbers for later RUN, CMD and ENTRYPOINT. */
public record User(Position position, String source, Word user) implements Instruction {}
