package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;

/** {@code MAINTAINER name}: the author of the image; deprecated in favour of a label. Not substituted. */
public record Maintainer(Position position, String source, String author) implements Instruction {}
