package dev.wherry.cli.view.builds;

import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.BuildResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The summary of a completed build: how much of it ran, what the cache saved, what took longest. */
final class BuildSummary {
    private static final int SLOWEST = 3;
    private static final long WORTH_SAYING_NANOS = 500_000_000;
    private static final int NAME_LENGTH = 60;

    private BuildSummary() {}

    /** The lines of the summary; the first is always there. */
    static List<String> of(BuildResult result, Collection<BuildStep> steps) {
        int all = result.getStepsTotal();
        int cached = result.getStepsCached();
        String counted = all + (all == 1 ? " step: " : " steps: ");
        String from = cached == 0
                ? "none from cache"
                : cached == all ? "all from cache" : cached + " from cache, " + (all - cached) + " run";
        String saved = result.getSavedNanos() >= 50_000_000
                ? "; the cache saved " + String.format(Locale.ROOT, "%.1f s", result.getSavedNanos() / 1e9)
                : "";
        List<String> lines = new ArrayList<>(List.of(counted + from + saved));
        List<BuildStep> slowest = steps.stream()
                .filter(step -> step.hasRun() && step.durationNanos >= WORTH_SAYING_NANOS)
                .sorted(Comparator.comparingLong((BuildStep step) -> step.durationNanos)
                        .reversed())
                .limit(SLOWEST)
                .toList();
        if (slowest.size() > 1) {
            lines.add("slowest:");
            slowest.forEach(step -> lines.add(String.format(Locale.ROOT, "%8s  ", Units.seconds(step.durationNanos))
                    + TerminalText.shortened(step.name, NAME_LENGTH)));
        }
        return lines;
    }
}
