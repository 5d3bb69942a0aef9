package dev.wherry.daemon.registry.transport;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A body that fails when its server sends nothing for too long, which the HTTP client itself does not watch. */
final class StallGuard extends FilterInputStream {

    private final Thread watch;
    private final long patienceNanos;
    private volatile long lastNanos = System.nanoTime();
    private volatile boolean stalled;

    StallGuard(InputStream body, Duration patience) {
        super(body);
        this.patienceNanos = patience.toNanos();
        this.watch = Thread.ofVirtual().name("stall-guard").start(this::watch);
    }

    private void watch() {
        try {
            for (long idle = 0; idle < patienceNanos; idle = System.nanoTime() - lastNanos) {
                Thread.sleep(Duration.ofNanos(patienceNanos - idle));
            }
            stalled = true;
            in.close();
        } catch (InterruptedException | IOException closed) {
            // The body is done with.
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        lastNanos = System.nanoTime();
        try {
            return in.read(buffer, from, length);
        } catch (IOException failure) {
            throw stalled ? new IOException("it stopped sending", failure) : failure;
        }
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        in.close();
    }
}
