package dev.wherry.daemon.build.dockerfile;

/** One {@code key=value} of ENV or LABEL. Both sides undergo substitution. */
public record KeyValue(Word key, Word value) {}
