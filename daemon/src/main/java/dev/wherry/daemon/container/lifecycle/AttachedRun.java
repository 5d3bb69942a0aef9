package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.WherryException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A client attached to one run of a container: the run at the time, or else the next one. The exit of that run is known
 * here even if the container is removed at its exit.
 */
public final class AttachedRun implements AutoCloseable {

    private final Attachment streams;
    private final CompletableFuture<Exit> exit;

    AttachedRun(Attachment streams, CompletableFuture<Exit> exit) {
        this.streams = streams;
        this.exit = exit;
    }

    public Attachment streams() {
        return streams;
    }

    /**
     * Waits until the run ends.
     *
     * @throws NotFoundException when the container is removed before it starts
     */
    public Exit awaitExit() throws InterruptedException {
        try {
            return exit.get();
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof WherryException known
                    ? known
                    : new IllegalStateException(failure.getCause());
        }
    }

    /** Detaches: the container keeps running. */
    @Override
    public void close() {
        streams.close();
    }
}
