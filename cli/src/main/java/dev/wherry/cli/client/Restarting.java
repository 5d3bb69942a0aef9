package dev.wherry.cli.client;

/**
 * Whether a call that failed is worth repeating because the daemon is being restarted. What a daemon that shuts down
 * refuses, the next one does. There is no time limit: a daemon that shuts down ends.
 */
public final class Restarting {
    private static final int MILLIS_BETWEEN_TRIES = 100;

    private boolean refused;

    /**
     * Waits a moment if the failed call is to be repeated.
     *
     * @return false if its failure is final
     */
    public boolean repeats(RuntimeException failure) {
        // The daemon that refused a call then closes the connection, in the middle of whatever is asked next.
        boolean again = CallFailures.isShuttingDown(failure) || refused && CallFailures.isConnectionLost(failure);
        refused |= again;
        return again && pause();
    }

    private static boolean pause() {
        try {
            Thread.sleep(MILLIS_BETWEEN_TRIES);
            return true;
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
