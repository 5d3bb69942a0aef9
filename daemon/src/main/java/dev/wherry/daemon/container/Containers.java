package dev.wherry.daemon.container;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.runtime.OutputSink;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The containers of this daemon. Wherever a container is named, its name, its ID or a unique prefix of the ID will do.
 */
public final class Containers {

    public Containers(
            Database database, Layout layout, Leases leases, Snapshotter snapshotter, Function<String, Image> images) {}

    /**
     * Makes a container, ready to be started.
     *
     * @param name empty for a generated one
     * @throws NotFoundException when the image is not here
     * @throws ConflictException when the name is in use
     * @throws InvalidInputException when the name is malformed or there is no program to run
     */
    public Container create(String name, ContainerConfig config) {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts a container that does not run; does nothing when it runs.
     *
     * @throws StartException when its program cannot be started
     */
    public void start(String container) {
        throw new UnsupportedOperationException();
    }

    /** Joins a container's streams, now or when it is started. The caller closes what is returned. */
    public Attachment attach(String container, boolean stdin) {
        throw new UnsupportedOperationException();
    }

    /** Tells a container's terminal the size of the client's window, in characters. */
    public void resize(String container, int columns, int rows) {
        throw new UnsupportedOperationException();
    }

    /** Waits until the condition holds. */
    public Exit await(String container, WaitCondition condition) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends a signal to the container's first process.
     *
     * @param signal name ("SIGINT", "INT") or number; empty for SIGKILL
     * @throws ConflictException when the container does not run
     */
    public void kill(String container, String signal) {
        throw new UnsupportedOperationException();
    }

    /**
     * Asks a container to stop, and kills it when it has not after the timeout; returns when it has stopped.
     *
     * @param timeout empty for ten seconds
     * @param signal what to send first; empty for the container's own stop signal
     */
    public void stop(String container, Optional<Duration> timeout, String signal) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /**
     * Removes a container and its file system.
     *
     * @param force kill it first when it runs
     * @throws ConflictException when it runs and force is not given
     */
    public void remove(String container, boolean force) {
        throw new UnsupportedOperationException();
    }

    /** Newest first. */
    public List<Container> list(boolean all) {
        throw new UnsupportedOperationException();
    }

    /** @throws NotFoundException when there is none, or the prefix is not unique */
    public Container get(String container) {
        throw new UnsupportedOperationException();
    }

    /** A JSON object with docker's field names. */
    public String inspectJson(String container) {
        throw new UnsupportedOperationException();
    }

    /**
     * Passes on a container's log, to its end or, when following, until the container stops.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public void logs(String container, LogRequest request, OutputSink sink) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /** Calls the listener for each event from now on; it must be quick. */
    public void onEvent(Consumer<ContainerEvent> listener) {
        throw new UnsupportedOperationException();
    }

    /**
     * Brings database, processes and files together again after a start of the daemon, however the last one ended; then
     * watches for containers that end. Call once, after the snapshotter has recovered and before anything else.
     */
    public void recover() {
        throw new UnsupportedOperationException();
    }

    /** Stops watching. Containers go on running. */
    public void close() {
        throw new UnsupportedOperationException();
    }
}
