package dev.wherry.daemon.builder.shell;

import dev.wherry.daemon.builder.explain.StepEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The steps that made the file system of a step: the step, those before it in its stage, and the stage that begins on. */
final class StepChain {

    private static final String FROM = "FROM";

    private StepChain() {}

    /** The steps from this one back to a base image, as far as the history knows them. */
    static List<StepEntry> to(StepEntry step, List<StepEntry> steps) {
        List<StepEntry> chain = new ArrayList<>();
        Optional<StepEntry> at = Optional.of(step);
        while (at.isPresent()) {
            StepEntry current = at.get();
            chain.add(current);
            at = isFrom(current)
                    ? base(current).flatMap(stage -> lastBefore(current, stage, steps))
                    : lastBefore(current, current.place().stage(), steps);
        }
        return chain;
    }

    static boolean isFrom(StepEntry step) {
        return words(step).getFirst().equalsIgnoreCase(FROM);
    }

    static boolean isRun(StepEntry step) {
        return words(step).getFirst().equalsIgnoreCase("RUN");
    }

    /** The stage that a stage may begin with. */
    private static Optional<String> base(StepEntry from) {
        return words(from).stream()
                .skip(1)
                .filter(word -> !word.startsWith("--"))
                .findFirst();
    }

    private static Optional<StepEntry> lastBefore(StepEntry step, String stage, List<StepEntry> steps) {
        return steps.stream()
                .filter(other -> other.place().step() < step.place().step()
                        && other.place().stage().equalsIgnoreCase(stage))
                .max(Comparator.comparingInt(other -> other.place().step()));
    }

    private static List<String> words(StepEntry step) {
        return Arrays.asList(step.place().instruction().split("\\s+"));
    }
}
