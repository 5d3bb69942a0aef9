package dev.wherry.cli.view;

import sun.misc.Signal;

/** Signals sent to this process. */
public final class ReceivedSignals {
    /** Exit code of a process that the user interrupted, as shells have it. */
    public static final int INTERRUPTED = 130;

    private static volatile boolean interrupted;

    private ReceivedSignals() {}

    /** Whether the user interrupted this process: what fails from then on is not worth a word. */
    public static boolean wasInterrupted() {
        return interrupted;
    }

    /** Does something when the window was resized. */
    public static void onResize(Runnable action) {
        on("WINCH", action);
    }

    /** Ends a process that was interrupted, after a last action: exit code 130. */
    public static void onInterrupt(Runnable lastAction) {
        on("INT", () -> {
            interrupted = true;
            lastAction.run();
            System.exit(INTERRUPTED);
        });
    }

    /**
     * Does something when a signal comes instead of what the system would do.
     *
     * @param name without {@code SIG}
     * @return whether the signal can be had; the Java runtime keeps some to itself
     */
    public static boolean on(String name, Runnable action) {
        try {
            Signal.handle(new Signal(name), _ -> action.run());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
