package dev.wherry.cli.client.builds;

import java.time.Duration;

/** Tells of one loss of the connection, if it lasts; closed when it is over, one way or the other. */
final class LossReport implements AutoCloseable {
    private final LostConnection display;
    private final String host;
    private final long end;
    private boolean told;
    private boolean over;

    /**
     * @param unspoken how long nothing is said
     * @param end until when it is tried to connect again, as of {@link System#nanoTime}
     */
    LossReport(LostConnection display, String host, Duration unspoken, long end) {
        this.display = display;
        this.host = host;
        this.end = end;
        Thread.ofVirtual().name("loss").start(() -> {
            try {
                Thread.sleep(unspoken);
                tell();
            } catch (InterruptedException closed) {
                // Nobody does.
            }
        });
    }

    private synchronized void tell() {
        if (!over) {
            told = true;
            display.lost(host, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }

    /** There is a connection again. */
    synchronized void connected() {
        over = true;
        if (told) {
            display.again(host);
        }
    }

    @Override
    public synchronized void close() {
        over = true;
    }
}
