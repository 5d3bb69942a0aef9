package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.text.Position;

/**
 * A place that a rule objects to.
 *
 * @param position the part that is meant, and the last line of its instruction
 * @param message what is wrong there
 */
public record Finding(Rule rule, Position position, String message) {}
