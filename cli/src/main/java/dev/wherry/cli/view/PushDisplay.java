package dev.wherry.cli.view;

import dev.wherry.cli.view.LayerDisplay.State;
import dev.wherry.v1.PushEvent;
import dev.wherry.v1.PushedLayer;

/** Shows the progress of a push. */
public final class PushDisplay implements AutoCloseable {
    private final LayerDisplay display;

    private PushDisplay(LayerDisplay display) {
        this.display = display;
    }

    /** Progress on standard error. */
    public static PushDisplay on(Console console) {
        return new PushDisplay(LayerDisplay.on(console));
    }

    /** Shows one event. */
    public void show(PushEvent event) {
        switch (event.getEventCase()) {
            case MESSAGE -> display.message(event.getMessage());
            case LAYER -> display.layer(event.getLayer().getDiffId(), state(event.getLayer()));
            case RESULT -> display.next();
            case EVENT_NOT_SET -> {}
        }
    }

    /** Shows a line of text. */
    public void message(String message) {
        display.message(message);
    }

    /** Ends the display; what is shown stays. */
    @Override
    public void close() {
        display.close();
    }

    private static State state(PushedLayer layer) {
        Transfer moved = new Transfer(layer.getCurrentBytes(), layer.getTotalBytes());
        return switch (layer.getPhase()) {
            case PHASE_PREPARING, PHASE_UNSPECIFIED, UNRECOGNIZED -> new State("Preparing", null);
            case PHASE_COMPRESSING -> new State("Compressing", moved);
            case PHASE_WAITING -> new State("Waiting", null);
            case PHASE_PUSHING -> new State("Pushing", moved);
            case PHASE_PUSHED -> new State("Pushed", null);
            case PHASE_EXISTS -> new State("Layer already exists", null);
            case PHASE_MOUNTED -> new State("Mounted from " + layer.getMountedFrom(), null);
        };
    }
}
