package dev.wherry.daemon.builder;

import java.util.Optional;

/**
 * What a build tells of itself.
 *
 * @param all whether the cause of each miss is told, not only of the first
 * @param contextName what the client calls its build context; empty when it has none
 * @param ref what the client calls the build, for the history; empty when the history is to choose
 */
public record ExplainOptions(boolean all, Optional<String> contextName, Optional<String> ref) {

    /** Nothing of its own. */
    public static final ExplainOptions DEFAULT = new ExplainOptions(false, Optional.empty(), Optional.empty());
}
