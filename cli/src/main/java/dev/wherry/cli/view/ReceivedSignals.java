package dev.wherry.cli.view;

import dev.wherry.cli.error.ExitStatus;
import sun.misc.Signal;

/** Signals sent to this process. */
public final class ReceivedSignals {
    private static volatile boolean interrupted;

    private ReceivedSignals() {}

    /** Whether the user interrupted this process; failures after that are not reported. */
    public static boolean wasInterrupted() {
        return interrupted;
    }

    /** Runs an action whenever the window has been resized. */
    public static void onResize(Runnable action) {
        on("WINCH", action);
    }

    /** Exits when the user interrupts this process, after a last action. */
    public static void onInterrupt(Runnable lastAction) {
        on("INT", () -> {
            interrupted = true;
            lastAction.run();
            System.exit(ExitStatus.INTERRUPTED.code());
        });
    }

    /**
     * Runs an action for a signal in place of the signal's default action.
     *
     * @param name without {@code SIG}
     * @return whether the signal can be handled; the Java runtime reserves some
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
