package dev.wherry.cli.view.builds;

import dev.wherry.cli.view.LiveRegion;
import dev.wherry.cli.view.ScreenLine;
import dev.wherry.cli.view.Terminal;
import dev.wherry.cli.view.Units;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The steps drawn in place on a terminal, at most ten times a second. */
final class LiveBuild implements BuildDisplay.Style {
    private static final long FRAME_MILLIS = 100;

    private final Map<Integer, BuildStep> steps = new TreeMap<>();
    private final PrintStream err;
    private final Supplier<Terminal.Size> sizes;
    private final LongSupplier clock;
    private final boolean colours;
    private final long startedNanos;
    private LiveRegion region;
    /** {@code null} unless it is lost. */
    private volatile BuildDisplay.Connection connection;

    private int planned;
    private boolean paused;
    private boolean closed;

    LiveBuild(PrintStream err, Supplier<Terminal.Size> sizes, LongSupplier clock, boolean colours) {
        this.err = err;
        this.sizes = sizes;
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
                if (!paused) {
                    region.draw(frame(false));
                }
            }
            try {
                Thread.sleep(FRAME_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void planned(int count) {
        planned = count;
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
    public void connection(BuildDisplay.Connection state) {
        connection = state.lost() ? state : null;
    }

    @Override
    public synchronized void pause() {
        region.draw(frame(false));
        region.finish();
        paused = true;
    }

    @Override
    public synchronized void resume() {
        // Draws below what was shown meanwhile.
        region = new LiveRegion(err, sizes);
        paused = false;
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
    private List<ScreenLine> frame(boolean last) {
        long now = clock.getAsLong();
        if (last) {
            steps.values().stream().filter(BuildStep::isRunning).forEach(step -> step.cancel(now));
        }
        long over = steps.values().stream().filter(step -> !step.isRunning()).count();
        boolean finished = !steps.isEmpty()
                && steps.values().stream()
                        .allMatch(step -> step.state == BuildStep.State.DONE || step.state == BuildStep.State.CACHED);
        List<ScreenLine> frame = new ArrayList<>();
        frame.add(ScreenLine.plain("[+] Building " + Units.seconds(now - startedNanos) + " (" + over + "/"
                + Math.max(planned, steps.size()) + ")" + (last && finished ? " FINISHED" : "")));
        BuildDisplay.Connection lost = last ? null : connection;
        if (lost != null) {
            frame.add(ScreenLine.plain(lost.sentence(now)));
        }
        Terminal.Size size = region.size();
        int room = Math.max(1, size.rows() - 1 - frame.size());
        frame.addAll(new BuildTree(size.columns() - 1, colours, last, now).lines(steps.values(), room));
        int most = Math.max(2, size.rows() - 1);
        return last || frame.size() <= most ? frame : frame.subList(0, most);
    }
}
