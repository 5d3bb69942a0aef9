package dev.wherry.daemon.container.network;

import dev.wherry.daemon.network.lifecycle.NetworkSetup;
import dev.wherry.daemon.runtime.bundle.OwnNames;
import dev.wherry.daemon.runtime.bundle.ProcessNetwork;
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

    /** Waits until the container is connected. */
    public void await() {
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
