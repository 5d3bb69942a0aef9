package dev.wherry.daemon.builder.report;

/**
 * A stage that can be built.
 *
 * @param name empty when it has none
 * @param isDefault whether it is built when no target is named
 * @param base as it is written after FROM
 * @param platform as it is written; empty when it is not
 */
public record Target(String name, String description, boolean isDefault, String base, String platform, int line) {}
