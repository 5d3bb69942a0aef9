package dev.wherry.cli.view.builds;

import dev.wherry.cli.view.ScreenLine;
import dev.wherry.cli.view.TransferBar;
import dev.wherry.cli.view.Units;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The steps of a build as lines: in a row when there is one stage, as a branch a stage when there are several. Where the
 * window is too low for all of it, what runs stays, and what is over gives way: first the steps of stages that are over,
 * then other steps that are over, then lines of output.
 */
final class BuildTree {
    private static final int OUTPUT_LINES = 6;
    private static final String DIM = "\033[2m";
    private static final String BLUE = "\033[34m";
    private static final String RED = "\033[31m";

    private final int columns;
    private final boolean colours;
    private final boolean last;
    private final long now;

    /** @param last whether this is how the build ended: all steps are shown, and no output */
    BuildTree(int columns, boolean colours, boolean last, long now) {
        this.columns = columns;
        this.colours = colours;
        this.last = last;
        this.now = now;
    }

    /** How much is left out. */
    private enum Detail {
        ALL,
        OPEN_STAGES,
        RUNNING,
        RUNNING_WITH_LITTLE_OUTPUT
    }

    /** The lines of these steps, in their order; at most {@code rows} unless the build has ended. */
    List<ScreenLine> lines(Collection<BuildStep> steps, int rows) {
        List<ScreenLine> lines = List.of();
        for (Detail detail : Detail.values()) {
            lines = lines(steps, detail);
            if (last || lines.size() <= rows) {
                return lines;
            }
        }
        return lines.subList(lines.size() - rows, lines.size());
    }

    private List<ScreenLine> lines(Collection<BuildStep> steps, Detail detail) {
        Map<String, List<BuildStep>> branches = new LinkedHashMap<>();
        steps.forEach(step ->
                branches.computeIfAbsent(step.stage, _ -> new ArrayList<>()).add(step));
        List<ScreenLine> lines = new ArrayList<>();
        branches.forEach((stage, own) -> {
            if (stage.isEmpty()) {
                own.stream()
                        .filter(step -> step.isRunning() || detail.compareTo(Detail.RUNNING) < 0)
                        .forEach(step -> add(lines, step, " => ", step.name, " => => ", detail));
            } else {
                addStage(lines, stage, own, detail);
            }
        });
        return lines;
    }

    private void addStage(List<ScreenLine> lines, String stage, List<BuildStep> steps, Detail detail) {
        boolean open = steps.stream().anyMatch(BuildStep::isRunning);
        lines.add(new ScreenLine(" => " + stage + counts(steps), elapsed(steps), open ? "" : colour(worst(steps))));
        List<BuildStep> shown = steps.stream()
                .filter(step -> step.isRunning()
                        || detail == Detail.ALL
                        || open && detail == Detail.OPEN_STAGES
                        || step.state == BuildStep.State.FAILED)
                .toList();
        for (BuildStep step : shown) {
            boolean end = step == shown.getLast();
            add(lines, step, end ? "    └ " : "    ├ ", step.nameInStage, end ? "      " : "    │ ", detail);
        }
    }

    private static String counts(List<BuildStep> steps) {
        long over = steps.stream().filter(step -> !step.isRunning()).count();
        long cached = steps.stream()
                .filter(step -> step.state == BuildStep.State.CACHED)
                .count();
        int all = Math.max(steps.getFirst().stageSteps, steps.size());
        return "  " + over + "/" + all + (cached == 0 ? "" : ", " + cached + " cached");
    }

    /** From the first start of a step that ran to the last end. */
    private String elapsed(List<BuildStep> steps) {
        long start = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        for (BuildStep step : steps) {
            if (step.state != BuildStep.State.CACHED) {
                start = Math.min(start, step.startedNanos);
                end = Math.max(end, step.startedNanos + step.elapsedNanos(now));
            }
        }
        return Units.seconds(end < start ? 0 : end - start);
    }

    private static BuildStep.State worst(List<BuildStep> steps) {
        return steps.stream()
                .map(step -> step.state)
                .filter(state -> state == BuildStep.State.FAILED || state == BuildStep.State.CANCELLED)
                .findFirst()
                .orElse(BuildStep.State.DONE);
    }

    private void add(List<ScreenLine> lines, BuildStep step, String lead, String name, String under, Detail detail) {
        String mark = switch (step.state) {
            case CACHED -> "CACHED ";
            case FAILED -> "ERROR ";
            case CANCELLED -> "CANCELED ";
            case RUNNING, DONE -> "";
        };
        lines.add(new ScreenLine(lead + mark + name, Units.seconds(step.elapsedNanos(now)), colour(step.state)));
        step.why.forEach(line -> lines.add(ScreenLine.plain(under + line)));
        if (!step.isRunning() || last) {
            return;
        }
        step.moved.forEach((item, moved) -> {
            if (!moved.isComplete()) {
                lines.add(ScreenLine.plain(under + TransferBar.line(item, moved, columns - under.length())));
            }
        });
        step.lastLines(detail == Detail.RUNNING_WITH_LITTLE_OUTPUT ? 1 : OUTPUT_LINES)
                .forEach(line -> lines.add(new ScreenLine(under + "# " + line, "", colours ? DIM : "")));
    }

    private String colour(BuildStep.State state) {
        if (!colours) {
            return "";
        }
        return switch (state) {
            case CACHED, DONE -> BLUE;
            case FAILED, CANCELLED -> RED;
            case RUNNING -> "";
        };
    }
}
