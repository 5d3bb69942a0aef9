package dev.wherry.cli.view;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The steps drawn in place on a terminal, at most ten times a second. */
final class LiveBuild implements BuildProgress.Style {
    private static final long FRAME_MILLIS = 100;
    private static final int OUTPUT_LINES = 6;
    private static final String BLUE = "\033[34m";
    private static final String RED = "\033[31m";

    private final Map<Integer, BuildStep> steps = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final LiveRegion region;
    private final LongSupplier clock;
    private final boolean colours;
    private final long startedNanos;
    private boolean closed;

    LiveBuild(PrintStream err, Supplier<Terminal.Size> sizes, LongSupplier clock, boolean colours) {
        this.region = new LiveRegion(err, sizes);
        this.clock = clock;
        this.colours = colours;
        this.startedNanos = clock.getAsLong();
    }

    /** A display that redraws itself until it is closed. */
    static LiveBuild start(PrintStream err, Supplier<Terminal.Size> sizes, LongSupplier clock, boolean colours) {
        LiveBuild build = new LiveBuild(err, sizes, clock, colours);
        Thread.ofVirtual().name("build-progress").start(build::redraw);
        return build;
    }

    private void redraw() {
        while (true) {
            synchronized (this) {
                if (closed) {
                    return;
                }
                region.draw(frame(false));
            }
            try {
                Thread.sleep(FRAME_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void started(BuildStep step) {
        steps.put(step.number, step);
    }

    @Override
    public void output(BuildStep step, List<String> lines) {}

    @Override
    public void moved(BuildStep step, String item) {}

    @Override
    public void done(BuildStep step) {}

    @Override
    public void explained(BuildStep step, List<String> lines) {}

    @Override
    public void warning(String warning) {
        warnings.add(warning);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            region.draw(frame(true));
            region.finish();
        }
    }

    /** The lines of one frame: the header, and of the steps as many as the window has room for. */
    private List<Line> frame(boolean last) {
        long now = clock.getAsLong();
        long over = steps.values().stream().filter(step -> !step.isRunning()).count();
        boolean finished = !steps.isEmpty()
                && steps.values().stream()
                        .allMatch(step -> step.state == BuildStep.State.DONE || step.state == BuildStep.State.CACHED);
        String state = last && finished ? " FINISHED" : "";
        Line header = Line.plain(
                "[+] Building " + Units.seconds(now - startedNanos) + " (" + over + "/" + steps.size() + ")" + state);
        List<Line> body = new ArrayList<>();
        for (BuildStep step : steps.values()) {
            addStep(body, step, now, last);
        }
        warnings.forEach(warning -> body.add(Line.plain(warning)));
        int room = Math.max(1, region.size().rows() - 2);
        List<Line> shown = last || body.size() <= room ? body : body.subList(body.size() - room, body.size());
        List<Line> frame = new ArrayList<>();
        frame.add(header);
        frame.addAll(shown);
        return frame;
    }

    private void addStep(List<Line> lines, BuildStep step, long now, boolean last) {
        String mark = switch (step.state) {
            case CACHED -> " => CACHED ";
            case FAILED -> " => ERROR ";
            case CANCELLED -> " => CANCELED ";
            case RUNNING, DONE -> " => ";
        };
        String colour = switch (step.state) {
            case CACHED, DONE -> BLUE;
            case FAILED, CANCELLED -> RED;
            case RUNNING -> "";
        };
        lines.add(new Line(mark + step.name, Units.seconds(step.elapsedNanos(now)), colours ? colour : ""));
        step.why.forEach(line -> lines.add(Line.plain(" => => " + line)));
        if (!step.isRunning() || last) {
            return;
        }
        step.moved.forEach((item, moved) -> {
            if (moved.total() <= 0 || moved.current() < moved.total()) {
                String of = moved.total() > 0 ? " / " + Units.progressSize(moved.total()) : "";
                lines.add(Line.plain(" => => " + item + "  " + Units.progressSize(moved.current()) + of));
            }
        });
        step.tail.stream()
                .skip(Math.max(0, step.tail.size() - OUTPUT_LINES))
                .forEach(line -> lines.add(Line.plain(" => => # " + line)));
    }
}
