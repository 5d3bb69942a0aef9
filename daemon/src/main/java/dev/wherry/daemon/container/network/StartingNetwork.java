package dev.wherry.daemon.container.network;

import dev.wherry.daemon.network.lifecycle.NetworkSetup;
import dev.wherry.daemon.runtime.bundle.OwnNames;
import dev.wherry.daemon.runtime.bundle.ProcessNetwork;
import java.io.IOException;
import java.util.Optional;

/**
 * The network of a container that starts, which is connected while the rest of its bundle is made.
 *
 * @param process the namespace that it starts in
 * @param names what it knows of its networks
 * @param setup what goes on meanwhile; empty of a container without networks of its own
 */
public record StartingNetwork(ProcessNetwork process, OwnNames names, Optional<NetworkSetup> setup)
        implements AutoCloseable {

    /** Work that may use the namespace, and starts no program in it. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /**
     * Does work while the container is being connected; returns when both is done. If the container cannot be connected,
     * its namespace goes at once, so that the work may fail for lack of it: the reason is that of the network.
     */
    public <T> T meanwhile(Work<T> work) throws IOException {
        T result;
        try {
            result = work.run();
        } catch (IOException | RuntimeException failure) {
            try {
                await();
            } catch (RuntimeException reason) {
                reason.addSuppressed(failure);
                throw reason;
            }
            throw failure;
        }
        await();
        return result;
    }

    private void await() {
        setup.ifPresent(NetworkSetup::await);
    }

    /** Waits until nothing goes on any more, so that what was done can be undone. */
    @Override
    public void close() {
        try {
            await();
        } catch (RuntimeException failure) {
            // Whoever waited has been told, or fails for another reason.
        }
    }
}
