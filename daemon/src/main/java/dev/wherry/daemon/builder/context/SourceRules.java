package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;

/**
 * How a COPY chooses among the files that its sources name.
 *
 * @param excludes what is left out, seen from each source, or by its name where a source is a file
 * @param parents whether sources keep the directories that lead to them: those after {@code /./} where that is in one
 */
public record SourceRules(IgnorePatterns excludes, boolean parents) {

    /** All that the sources name. */
    public static final SourceRules DEFAULT = new SourceRules(IgnorePatterns.none(), false);
}
