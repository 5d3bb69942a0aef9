package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;

/**
 * {@code ONBUILD instruction}: is carried out when the image is the base of another, as if it stood right after that
 * one's FROM.
 *
 * @param trigger the instruction as it is kept in the image config, with its here-documents
 */
public record OnBuild(Position position, String source, String trigger) implements Instruction {}
