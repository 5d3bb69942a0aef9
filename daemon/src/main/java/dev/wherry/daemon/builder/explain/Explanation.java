package dev.wherry.daemon.builder.explain;

import java.util.List;

/**
 * Why one step was not taken from the cache.
 *
 * @param step its number in the build
 * @param name as the progress shows it
 * @param suggestions what would help, in sentences
 */
public record Explanation(int step, String name, String instruction, List<Cause> causes, List<String> suggestions) {

    public Explanation {
        causes = List.copyOf(causes);
        suggestions = List.copyOf(suggestions);
    }

    /** The causes in words, a line each. */
    public List<String> lines() {
        return ExplanationText.lines(this);
    }

    /** The same for machines. */
    public String json() {
        return ExplanationJson.of(this).toString();
    }

    /** What kinds of causes there are: the words that machines know them by. */
    public List<String> kinds() {
        return causes.stream().map(ExplanationJson::kind).distinct().toList();
    }

    /** Whether there is nothing that a user could have done otherwise, such as in a first build. */
    public boolean isTrivial() {
        return causes.stream()
                .allMatch(cause -> cause instanceof Cause.CacheRefused || cause instanceof Cause.NoEarlierBuild);
    }
}
