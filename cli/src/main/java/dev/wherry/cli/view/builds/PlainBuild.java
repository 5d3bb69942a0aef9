package dev.wherry.cli.view.builds;

import dev.wherry.cli.view.Transfer;
import dev.wherry.cli.view.TransferBar;
import dev.wherry.cli.view.Units;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/** Progress as plain lines, each with the number of its step. */
final class PlainBuild implements BuildDisplay.Style {
    /** A step that began so long before it was told of was begun by another build. */
    private static final long JOINED_NANOS = 100_000_000;

    private final PrintStream err;
    private final LongSupplier clock;
    private final Map<String, Integer> reported = new HashMap<>();
    private int current = Integer.MIN_VALUE;

    PlainBuild(PrintStream err, LongSupplier clock) {
        this.err = err;
        this.clock = clock;
    }

    @Override
    public void planned(int steps) {}

    @Override
    public void started(BuildStep step) {
        turnTo(step);
        if (step.state == BuildStep.State.CACHED) {
            err.println("#" + step.number + " CACHED");
            leave();
        } else if (step.startedNanos < clock.getAsLong() - JOINED_NANOS) {
            err.println("#" + step.number + " another build runs this step already: joined");
        }
    }

    @Override
    public void output(BuildStep step, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        turnTo(step);
        String time = String.format(Locale.ROOT, "%.3f", (clock.getAsLong() - step.startedNanos) / 1e9);
        lines.forEach(line -> err.println("#" + step.number + " " + time + " " + line));
    }

    /** One line a tenth of what moves: a log is no place for a bar. */
    @Override
    public void moved(BuildStep step, String item) {
        Transfer moved = step.moved.get(item);
        int tenth = moved.total() <= 0 ? 0 : (int) (10 * moved.current() / moved.total());
        Integer before = reported.put(step.number + " " + item, tenth);
        if (before == null || tenth > before) {
            turnTo(step);
            err.println("#" + step.number + " " + item + " " + TransferBar.figures(moved));
        }
    }

    @Override
    public void done(BuildStep step) {
        turnTo(step);
        String result = switch (step.state) {
            case FAILED -> "ERROR: " + step.error;
            case CANCELLED -> "CANCELED";
            case CACHED -> "CACHED";
            case DONE, RUNNING -> "DONE " + Units.seconds(step.durationNanos);
        };
        err.println("#" + step.number + " " + result);
        leave();
    }

    @Override
    public void explained(BuildStep step, List<String> lines) {
        turnTo(step);
        lines.forEach(line -> err.println("#" + step.number + " " + line));
        if (!step.isRunning()) {
            leave();
        }
    }

    @Override
    public void connection(BuildDisplay.Connection state) {
        if (current != Integer.MIN_VALUE) {
            err.println("#" + current + " ...");
            leave();
        }
        err.println(state.sentence(clock.getAsLong()));
    }

    @Override
    public void pause() {
        if (current != Integer.MIN_VALUE) {
            leave();
        }
        err.flush();
    }

    @Override
    public void resume() {}

    @Override
    public void close() {
        err.flush();
    }

    /** Names the step again when lines of another one stand in between. */
    private void turnTo(BuildStep step) {
        if (current != step.number) {
            if (current != Integer.MIN_VALUE) {
                err.println("#" + current + " ...");
                err.println();
            }
            err.println("#" + step.number + " " + step.name);
            current = step.number;
        }
    }

    private void leave() {
        err.println();
        current = Integer.MIN_VALUE;
    }
}
