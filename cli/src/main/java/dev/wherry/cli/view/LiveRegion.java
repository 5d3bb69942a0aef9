package dev.wherry.cli.view;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/**
 * Lines at the bottom of a terminal that are drawn again and again in place. A frame is one write, so that no half-drawn
 * one is ever seen; each line is cut to the width of the window.
 */
public final class LiveRegion {
    private static final String HIDE_CURSOR = "\033[?25l";
    private static final String SHOW_CURSOR = "\033[?25h";
    private static final String TO_LINE_END = "\033[K";
    private static final String TO_SCREEN_END = "\033[J";

    private final PrintStream out;
    private final Supplier<Terminal.Size> sizes;
    private final Thread atExit = new Thread(this::showCursor, "show-cursor");
    private Terminal.Size size;
    private volatile boolean resized;
    private List<Integer> drawn = List.of();
    private boolean hidden;

    public LiveRegion(PrintStream out, Supplier<Terminal.Size> sizes) {
        this.out = out;
        this.sizes = sizes;
        this.size = sizes.get();
        ReceivedSignals.onResize(() -> resized = true);
    }

    /** The window's size as of the last frame. */
    public Terminal.Size size() {
        if (resized) {
            resized = false;
            size = sizes.get();
        }
        return size;
    }

    /** Draws the lines over those of the last frame. */
    public void draw(List<ScreenLine> lines) {
        Terminal.Size now = size();
        StringBuilder frame = new StringBuilder();
        if (!hidden) {
            hidden = true;
            Runtime.getRuntime().addShutdownHook(atExit);
            frame.append(HIDE_CURSOR);
        }
        int up = rows(now.columns());
        if (up > 0) {
            frame.append("\033[").append(up).append("A");
        }
        frame.append('\r');
        List<Integer> lengths = new java.util.ArrayList<>();
        for (ScreenLine line : lines) {
            String text = line.fitted(now.columns() - 1);
            lengths.add(line.length(now.columns() - 1));
            frame.append(text).append(TO_LINE_END).append('\n');
        }
        frame.append(TO_SCREEN_END);
        drawn = lengths;
        write(frame);
    }

    /** Leaves what is drawn where it is, and gives the cursor back. */
    public void finish() {
        drawn = List.of();
        showCursor();
        if (hidden) {
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException e) {
                // The process is on its way out already.
            }
        }
    }

    /** Rows the last frame takes now: a window made narrower wraps its lines. */
    private int rows(int columns) {
        return drawn.stream()
                .mapToInt(length -> Math.max(1, -Math.floorDiv(-length, columns)))
                .sum();
    }

    private void showCursor() {
        if (hidden) {
            write(new StringBuilder(SHOW_CURSOR));
        }
    }

    private void write(StringBuilder text) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }
}
