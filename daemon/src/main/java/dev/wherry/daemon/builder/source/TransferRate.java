package dev.wherry.daemon.builder.source;

import java.io.IOException;
import java.time.Duration;

/** Watches how fast something comes in: a server may be slow, but not so slow that it only means to keep us waiting. */
final class TransferRate {

    private static final long TELL_NANOS = Duration.ofMillis(100).toNanos();

    /** Within the patience; a modem was faster. */
    private static final long LEAST_BYTES = 4096;

    private final long windowNanos;
    private long windowStart = System.nanoTime();
    private long inWindow;
    private long told;

    TransferRate(Duration patience) {
        this.windowNanos = patience.toNanos();
    }

    /**
     * Notes bytes that came in, and says whether a reader should be told of it.
     *
     * @throws IOException when they come too slowly
     */
    boolean moved(int bytes) throws IOException {
        long now = System.nanoTime();
        inWindow += bytes;
        if (now - windowStart >= windowNanos) {
            if (inWindow < LEAST_BYTES) {
                throw new IOException("it sends no more than " + inWindow + " bytes in "
                        + Duration.ofNanos(now - windowStart).toSeconds() + " s");
            }
            windowStart = now;
            inWindow = 0;
        }
        if (now - told < TELL_NANOS) {
            return false;
        }
        told = now;
        return true;
    }
}
