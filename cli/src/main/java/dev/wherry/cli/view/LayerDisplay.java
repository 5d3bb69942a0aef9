package dev.wherry.cli.view;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Shows the layers of an image while they move: bars that are redrawn in place on a terminal, with the rate of each; else a
 * line for each change.
 */
public final class LayerDisplay implements AutoCloseable {
    private static final long FRAME_NANOS = 100_000_000;

    /** A rate over less time than this says little. */
    private static final long LEAST_NANOS = 200_000_000;

    private static final int BAR = 50;

    /**
     * What happens to a layer.
     *
     * @param label in docker's words
     * @param moving null when no bytes move; else how many did
     */
    public record State(String label, Transfer moving) {}

    private record Shown(State state, long sinceNanos, long sinceBytes) {}

    private final Map<String, Shown> layers = new LinkedHashMap<>();
    private final PrintStream out;
    private final LiveRegion region;
    private final LongSupplier clock;
    private long drawnNanos;

    LayerDisplay(PrintStream out, Supplier<Terminal.Size> sizes, LongSupplier clock) {
        this.out = out;
        this.region = sizes == null ? null : new LiveRegion(out, sizes);
        this.clock = clock;
    }

    /** Progress on standard error. */
    public static LayerDisplay on(Console console) {
        return new LayerDisplay(console.err(), console.errIsTerminal() ? Terminal::size : null, System::nanoTime);
    }

    /** Shows what happens to a layer now. */
    public void layer(String digest, State state) {
        Shown before = layers.get(digest);
        long now = clock.getAsLong();
        boolean changed = before == null || !before.state.label.equals(state.label);
        long moved = state.moving == null ? 0 : state.moving.current();
        boolean again = !changed && before.state.moving != null && moved < before.state.moving.current();
        layers.put(
                digest,
                changed || again
                        ? new Shown(state, now, moved)
                        : new Shown(state, before.sinceNanos, before.sinceBytes));
        if (region == null) {
            if (changed && state.moving == null) {
                out.println(TerminalText.shortId(digest) + ": " + TerminalText.oneLine(state.label));
            }
        } else if (changed || now - drawnNanos >= FRAME_NANOS) {
            drawnNanos = now;
            region.draw(lines(now));
        }
    }

    /** Shows a line of text, after which other layers may follow. */
    public void message(String message) {
        next();
        out.println(TerminalText.oneLine(message));
    }

    /** Ends the lines of one image; those of another may follow. */
    public void next() {
        if (!layers.isEmpty()) {
            close();
        }
    }

    /** Ends the display; what is shown stays. */
    @Override
    public void close() {
        if (region != null && !layers.isEmpty()) {
            region.draw(lines(clock.getAsLong()));
        }
        if (region != null) {
            region.finish();
        }
        layers.clear();
    }

    private List<ScreenLine> lines(long now) {
        List<ScreenLine> lines = new ArrayList<>();
        layers.forEach((digest, shown) -> lines.add(ScreenLine.plain(line(digest, shown, now))));
        int room = Math.max(1, region.size().rows() - 1);
        return lines.size() <= room ? lines : lines.subList(lines.size() - room, lines.size());
    }

    private static String line(String digest, Shown shown, long now) {
        String head = TerminalText.shortId(digest) + ": " + TerminalText.oneLine(shown.state.label);
        Transfer moving = shown.state.moving;
        if (moving == null) {
            return head;
        }
        String current = Units.progressSize(moving.current());
        String rate = rate(shown, now);
        return moving.total() <= 0
                ? head + "  " + current + rate
                : head + " " + TransferBar.bar(moving.current(), moving.total(), BAR) + "  " + current + "/"
                        + Units.progressSize(moving.total()) + rate;
    }

    private static String rate(Shown shown, long now) {
        long nanos = now - shown.sinceNanos;
        long bytes = shown.state.moving.current() - shown.sinceBytes;
        return nanos < LEAST_NANOS || bytes <= 0 ? "" : "  " + Units.progressSize((long) (bytes * 1e9 / nanos)) + "/s";
    }
}
