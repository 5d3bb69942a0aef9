package dev.wherry.cli.view.builds;

import dev.wherry.cli.view.Console;
import dev.wherry.cli.view.Terminal;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Transfer;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildResult;
import dev.wherry.v1.BuildWarning;
import dev.wherry.v1.ShellOffer;
import dev.wherry.v1.StepDone;
import dev.wherry.v1.StepExplanation;
import dev.wherry.v1.StepProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Shows the progress of a build: receives its events and passes their meaning to a {@link Style}. Closed when the build
 * has ended, whether it succeeded or not.
 */
public final class BuildDisplay implements AutoCloseable {
    /** How progress is shown. */
    public enum Mode {
        AUTO,
        TTY,
        PLAIN,
        QUIET,
        RAWJSON
    }

    /**
     * A connection that is or was lost.
     *
     * @param host as people call it
     * @param endNanos until when it is tried again, by the clock of the display
     */
    record Connection(String host, boolean lost, long endNanos) {
        /** In words for people. */
        String sentence(long nowNanos) {
            return lost
                    ? "connection to " + host + " lost: trying again for "
                            + Math.max(0, Math.ceilDiv(endNanos - nowNanos, 1_000_000_000L)) + " s"
                    : "connection to " + host + ": connected again";
        }
    }

    /** What shows the steps. Every call is made by one thread at a time. */
    sealed interface Style permits PlainBuild, LiveBuild, SilentBuild {
        /** How many steps the build has. */
        void planned(int steps);

        void started(BuildStep step);

        void output(BuildStep step, List<String> lines);

        void moved(BuildStep step, String item);

        void done(BuildStep step);

        /** Says why the step runs; that may come after its end. */
        void explained(BuildStep step, List<String> lines);

        /** Tells of the connection; what was told last counts. */
        void connection(Connection state);

        /** Leaves the terminal to somebody else. */
        void pause();

        /** Has the terminal again. */
        void resume();

        void close();
    }

    /** Output that is held back while the display is paused; the daemon waits with more. */
    private static final int MOST_HELD = 8 << 20;

    private static final int NAME_LENGTH = 60;

    private final Map<Integer, BuildStep> steps = new LinkedHashMap<>();
    private final Deque<BuildEvent> held = new ArrayDeque<>();
    private final List<BuildWarning> warnings = new ArrayList<>();
    private final PrintStream err;
    private final LongSupplier clock;
    private final Style style;
    private final RawBuild raw;
    private boolean paused;
    private long heldBytes;

    private BuildDisplay(PrintStream err, LongSupplier clock, Style style) {
        this(err, clock, style, null);
    }

    /** @param raw {@code null} unless programs read the events */
    private BuildDisplay(PrintStream err, LongSupplier clock, Style style, RawBuild raw) {
        this.err = err;
        this.clock = clock;
        this.style = style;
        this.raw = raw;
    }

    /** Progress on standard error; {@code AUTO} means {@code TTY} when that is a terminal. */
    public static BuildDisplay on(Console console, Mode mode) {
        LongSupplier clock = System::nanoTime;
        if (mode == Mode.RAWJSON) {
            return new BuildDisplay(
                    console.err(), clock, new SilentBuild(), new RawBuild(console.err(), InstantSource.system()));
        }
        boolean live = mode == Mode.TTY || mode == Mode.AUTO && console.errIsTerminal();
        Style style = mode == Mode.QUIET
                ? new SilentBuild()
                : live
                        ? LiveBuild.start(console.err(), Terminal::size, clock, console.errHasColours())
                        : new PlainBuild(console.err(), clock);
        return new BuildDisplay(console.err(), clock, style);
    }

    /** For tests: plain progress with a clock of their own. */
    static BuildDisplay plain(PrintStream err, LongSupplier clock) {
        return new BuildDisplay(err, clock, new PlainBuild(err, clock));
    }

    /** For tests: progress redrawn only on request. */
    static BuildDisplay live(PrintStream err, Supplier<Terminal.Size> sizes, LongSupplier clock) {
        return new BuildDisplay(err, clock, new LiveBuild(err, sizes, clock, false));
    }

    /** Shows one event. Requests for the build context and the result are not shown. */
    public void show(BuildEvent event) {
        synchronized (style) {
            if (paused) {
                hold(event);
                return;
            }
            if (raw != null) {
                raw.show(event);
            }
            switch (event.getEventCase()) {
                case STARTED -> started(event.getStarted());
                case OUTPUT -> {
                    BuildStep step = step(event.getOutput().getStep());
                    style.output(
                            step,
                            step.output(
                                    event.getOutput().getStreamValue(),
                                    event.getOutput().getData().toByteArray()));
                }
                case PROGRESS -> moved(event.getProgress());
                case DONE -> done(event.getDone());
                case EXPLANATION -> explained(event.getExplanation());
                case WARNING -> warnings.add(event.getWarning());
                case PLAN -> style.planned(event.getPlan().getSteps());
                case CONTEXT,
                        SECRET,
                        AGENT,
                        RESULT,
                        OUTPUTS,
                        MANIFEST,
                        SHELL,
                        SESSION,
                        ACKNOWLEDGEMENT,
                        RESUMED,
                        EVENT_NOT_SET -> {}
            }
        }
    }

    /**
     * Says that the connection to the daemon is lost.
     *
     * @param left how long it is tried to connect again
     */
    public void lost(String host, Duration left) {
        connection(new Connection(host, true, clock.getAsLong() + left.toNanos()));
    }

    /** Says that there is a connection again. */
    public void again(String host) {
        connection(new Connection(host, false, 0));
    }

    private void connection(Connection state) {
        synchronized (style) {
            if (!paused) {
                style.connection(state);
            }
        }
    }

    /** Leaves the terminal to a shell in the state of a failed step until {@link #resume}; what happens meanwhile is shown then. */
    public void pause(ShellOffer offer) {
        synchronized (style) {
            paused = true;
            style.pause();
            if (raw == null) {
                err.println(TerminalText.shortened(step(offer.getStep()).name, NAME_LENGTH) + " failed: "
                        + TerminalText.oneLine(offer.getProblem())
                        + ". This shell has the state it left; the build fails when the shell ends.");
            }
        }
    }

    public void resume() {
        synchronized (style) {
            paused = false;
            style.resume();
            while (!held.isEmpty()) {
                show(held.remove());
            }
            heldBytes = 0;
            style.notifyAll();
        }
    }

    private void hold(BuildEvent event) {
        held.add(event);
        heldBytes += event.getSerializedSize();
        try {
            while (paused && heldBytes > MOST_HELD) {
                style.wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the display; what is shown stays, and the warnings come after it. */
    @Override
    public void close() {
        synchronized (style) {
            style.close();
            if (!(style instanceof SilentBuild)) {
                BuildWarnings.lines(warnings).forEach(err::println);
            }
            warnings.clear();
        }
    }

    /** Prints which step failed, with the last lines it wrote; nothing when none did. Call after closing. */
    public void reportFailure() {
        for (BuildStep step : steps.values()) {
            if (step.state == BuildStep.State.FAILED) {
                err.println("------");
                err.println(" > " + step.name + ":");
                step.tail.forEach(err::println);
                err.println("------");
            }
        }
    }

    /** Prints how much of the build ran and what the cache saved. Call after closing. */
    public void summarise(BuildResult result) {
        BuildSummary.of(result, steps.values()).forEach(err::println);
    }

    private void started(dev.wherry.v1.StepStarted started) {
        BuildStep step =
                new BuildStep(started.getStep(), started.getName(), clock.getAsLong() - started.getRunningNanos());
        if (started.getCached()) {
            step.state = BuildStep.State.CACHED;
        }
        steps.put(step.number, step);
        style.started(step);
    }

    private void explained(StepExplanation explanation) {
        BuildStep step = step(explanation.getStep());
        explanation.getCausesList().forEach(cause -> step.why.add("why: " + TerminalText.oneLine(cause)));
        explanation.getSuggestionsList().forEach(help -> step.why.add("hint: " + TerminalText.oneLine(help)));
        style.explained(step, step.why);
    }

    private void moved(StepProgress progress) {
        BuildStep step = step(progress.getStep());
        String item = TerminalText.oneLine(progress.getItem());
        step.moved.put(item, new Transfer(progress.getCurrentBytes(), progress.getTotalBytes()));
        style.moved(step, item);
    }

    private void done(StepDone done) {
        BuildStep step = step(done.getStep());
        style.output(step, step.rest());
        step.durationNanos = done.getDurationNanos();
        step.error = TerminalText.oneLine(done.getError());
        if (step.isRunning()) {
            step.state = step.error.isEmpty() ? BuildStep.State.DONE : BuildStep.State.FAILED;
            style.done(step);
        }
    }

    /** The step of a number; one nobody announced gets a name all the same. */
    private BuildStep step(int number) {
        return steps.computeIfAbsent(number, n -> {
            BuildStep step = new BuildStep(n, "step " + n, clock.getAsLong());
            style.started(step);
            return step;
        });
    }
}
