package dev.wherry.cli.view;

import dev.wherry.v1.LayerProgress;
import dev.wherry.v1.LayerProgress.Phase;
import dev.wherry.v1.PullEvent;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Shows the layers of an image while it is pulled: bars that are redrawn in place on a terminal, else a line for each
 * change. */
public final class PullDisplay implements AutoCloseable {
    private static final long FRAME_NANOS = 100_000_000;
    private static final int BAR = 50;

    private final Map<String, LayerProgress> layers = new LinkedHashMap<>();
    private final PrintStream out;
    private final LiveRegion region;
    private long drawnNanos;

    PullDisplay(PrintStream out, Supplier<Terminal.Size> sizes) {
        this.out = out;
        this.region = sizes == null ? null : new LiveRegion(out, sizes);
    }

    /** Progress on standard error. */
    public static PullDisplay on(Console console) {
        return new PullDisplay(console.err(), console.errIsTerminal() ? Terminal::size : null);
    }

    /** Shows one event; the result is not shown. */
    public void show(PullEvent event) {
        switch (event.getEventCase()) {
            case MESSAGE -> message(event.getMessage());
            case LAYER -> layer(event.getLayer());
            case RESULT, EVENT_NOT_SET -> {}
        }
    }

    /** Ends the display; what is shown stays. */
    @Override
    public void close() {
        if (region != null && !layers.isEmpty()) {
            region.draw(bars());
        }
        if (region != null) {
            region.finish();
        }
        layers.clear();
    }

    private void message(String message) {
        if (region != null && !layers.isEmpty()) {
            close();
        }
        out.println(TerminalText.oneLine(message));
    }

    private void layer(LayerProgress layer) {
        LayerProgress before = layers.put(layer.getDigest(), layer);
        boolean changed = before == null || before.getPhase() != layer.getPhase();
        if (region == null) {
            if (changed && isMilestone(layer.getPhase())) {
                out.println(TerminalText.shortId(layer.getDigest()) + ": " + phase(layer.getPhase()));
            }
            return;
        }
        long now = System.nanoTime();
        if (changed || now - drawnNanos >= FRAME_NANOS) {
            drawnNanos = now;
            region.draw(bars());
        }
    }

    private static boolean isMilestone(Phase phase) {
        return phase != Phase.PHASE_DOWNLOADING && phase != Phase.PHASE_EXTRACTING && phase != Phase.PHASE_UNSPECIFIED;
    }

    private List<ScreenLine> bars() {
        List<ScreenLine> lines = new ArrayList<>();
        layers.values().forEach(layer -> lines.add(ScreenLine.plain(bar(layer))));
        int room = Math.max(1, region.size().rows() - 1);
        return lines.size() <= room ? lines : lines.subList(lines.size() - room, lines.size());
    }

    static String bar(LayerProgress layer) {
        String head = TerminalText.shortId(layer.getDigest()) + ": " + phase(layer.getPhase());
        boolean moves = layer.getPhase() == Phase.PHASE_DOWNLOADING || layer.getPhase() == Phase.PHASE_EXTRACTING;
        if (!moves) {
            return head;
        }
        String current = Units.progressSize(layer.getCurrentBytes());
        if (layer.getTotalBytes() <= 0) {
            return head + "  " + current;
        }
        String bar = TransferBar.bar(layer.getCurrentBytes(), layer.getTotalBytes(), BAR);
        return head + " " + bar + "  " + current + "/" + Units.progressSize(layer.getTotalBytes());
    }

    private static String phase(Phase phase) {
        return switch (phase) {
            case PHASE_WAITING, PHASE_UNSPECIFIED, UNRECOGNIZED -> "Pulling fs layer";
            case PHASE_DOWNLOADING -> "Downloading";
            case PHASE_DOWNLOADED -> "Download complete";
            case PHASE_EXTRACTING -> "Extracting";
            case PHASE_DONE -> "Pull complete";
            case PHASE_EXISTS -> "Already exists";
        };
    }
}
