package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.word.Word;

/** One {@code key=value} of ENV or LABEL. Both sides undergo substitution. */
public record KeyValue(Word key, Word value) {}
