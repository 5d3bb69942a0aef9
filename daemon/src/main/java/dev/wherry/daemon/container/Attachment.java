package dev.wherry.daemon.container;

import dev.wherry.daemon.runtime.OutputSink;

/**
 * A client joined to the streams of a container. Made before the container is started, it misses nothing. Input
 * given before the start waits for it. Any thread may use it; closing it leaves the container alone.
 */
public final class Attachment implements AutoCloseable {

    Attachment() {}

    /**
     * Passes on what the container writes until its streams end or this is closed.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public void copyTo(OutputSink sink) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /** Writes to the container's standard input; blocks until it is taken. */
    public void write(byte[] input) {
        throw new UnsupportedOperationException();
    }

    /** Ends the container's standard input. */
    public void closeInput() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
