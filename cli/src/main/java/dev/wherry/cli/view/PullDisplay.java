package dev.wherry.cli.view;

import dev.wherry.cli.view.LayerDisplay.State;
import dev.wherry.v1.LayerProgress;
import dev.wherry.v1.PullEvent;

/** Shows the progress of a pull. */
public final class PullDisplay implements AutoCloseable {
    private final LayerDisplay display;

    private PullDisplay(LayerDisplay display) {
        this.display = display;
    }

    /** Progress on standard error. */
    public static PullDisplay on(Console console) {
        return new PullDisplay(LayerDisplay.on(console));
    }

    /** Shows one event. */
    public void show(PullEvent event) {
        switch (event.getEventCase()) {
            case MESSAGE -> display.message(event.getMessage());
            case LAYER -> display.layer(event.getLayer().getDigest(), state(event.getLayer()));
            case RESULT -> display.next();
            case EVENT_NOT_SET -> {}
        }
    }

    /** Ends the display; what is shown stays. */
    @Override
    public void close() {
        display.close();
    }

    private static State state(LayerProgress layer) {
        Transfer moved = new Transfer(layer.getCurrentBytes(), layer.getTotalBytes());
        return switch (layer.getPhase()) {
            case PHASE_WAITING, PHASE_UNSPECIFIED, UNRECOGNIZED -> new State("Pulling fs layer", null);
            case PHASE_DOWNLOADING -> new State("Downloading", moved);
            case PHASE_DOWNLOADED -> new State("Download complete", null);
            case PHASE_EXTRACTING -> new State("Extracting", moved);
            case PHASE_DONE -> new State("Pull complete", null);
            case PHASE_EXISTS -> new State("Already exists", null);
        };
    }
}
