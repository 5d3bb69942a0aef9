package dev.wherry.cli.view;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A table on a terminal that is drawn again and again in place; rows that the window has no room for are counted. */
public final class LiveTable implements AutoCloseable {
    private final LiveRegion region;

    public LiveTable(PrintStream out) {
        region = new LiveRegion(out, Terminal::size);
    }

    /** Draws the table over the last one. */
    public void draw(String text) {
        List<String> rows = text.lines().toList();
        // The cursor stands below the last line.
        int room = Math.max(1, region.size().rows() - 1);
        List<ScreenLine> lines = new ArrayList<>();
        if (rows.size() <= room) {
            rows.forEach(row -> lines.add(ScreenLine.plain(row)));
        } else {
            rows.subList(0, room - 1).forEach(row -> lines.add(ScreenLine.plain(row)));
            lines.add(ScreenLine.plain("... " + (rows.size() - room + 1) + " more"));
        }
        region.draw(lines);
    }

    @Override
    public void close() {
        region.finish();
    }
}
