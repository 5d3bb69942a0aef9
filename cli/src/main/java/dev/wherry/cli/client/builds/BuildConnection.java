package dev.wherry.cli.client.builds;

import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildRequest;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One call of a build: several of them may carry one build, see {@link ResumableStream}. */
interface BuildConnection {

    /** Sends a request; {@code false} if the call has ended. */
    boolean write(BuildRequest request) throws InterruptedException, StatusException;

    /** As {@link #write(BuildRequest)}, but does not wait for ever. */
    boolean write(BuildRequest request, Duration limit) throws InterruptedException, StatusException, TimeoutException;

    /** Waits for the next event; {@code null} at the end of the build. */
    BuildEvent read() throws InterruptedException, StatusException;

    /** As {@link #read()}, but not for ever. */
    BuildEvent read(Duration limit) throws InterruptedException, StatusException, TimeoutException;

    /** Ends the call, and with it the build. */
    void cancel(String why, Throwable cause);

    /** The calls of a build. */
    interface Calls {

        BuildConnection first();

        /** A call over a new connection, after the last one was lost. */
        BuildConnection again();

        /** Waits a moment until the daemon knows of what was cancelled. */
        void awaitCancelled();
    }

    /** The calls of a build by a daemon. */
    static Calls calls(DaemonChannel daemon) {
        return new Calls() {
            @Override
            public BuildConnection first() {
                return of(daemon.buildStreams().build());
            }

            @Override
            public BuildConnection again() {
                daemon.reconnect();
                return first();
            }

            @Override
            public void awaitCancelled() {
                daemon.awaitArrival();
            }
        };
    }

    private static BuildConnection of(BlockingClientCall<BuildRequest, BuildEvent> call) {
        return new BuildConnection() {
            @Override
            public boolean write(BuildRequest request) throws InterruptedException, StatusException {
                try {
                    return call.write(request);
                } catch (IllegalStateException cancelled) {
                    // As when it was ended by the other side.
                    return false;
                }
            }

            @Override
            public boolean write(BuildRequest request, Duration limit)
                    throws InterruptedException, StatusException, TimeoutException {
                return call.write(request, limit.toMillis(), TimeUnit.MILLISECONDS);
            }

            @Override
            public BuildEvent read() throws InterruptedException, StatusException {
                return call.read();
            }

            @Override
            public BuildEvent read(Duration limit) throws InterruptedException, StatusException, TimeoutException {
                return call.read(limit.toMillis(), TimeUnit.MILLISECONDS);
            }

            @Override
            public void cancel(String why, Throwable cause) {
                call.cancel(why, cause);
            }
        };
    }
}
