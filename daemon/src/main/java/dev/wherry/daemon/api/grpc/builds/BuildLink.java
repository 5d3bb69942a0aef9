package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.api.server.CallLink;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildRequest;
import java.util.Optional;

/** One connection of a client that asked for a build: see {@link ResumableBuild}. */
interface BuildLink {

    /**
     * Waits for the next request; empty when the client has sent its last one, and after {@link #wake}.
     *
     * @throws CancelledException when the connection was lost, or the client ended the call
     */
    Optional<BuildRequest> next() throws InterruptedException;

    /**
     * Sends an event when the client takes it; what is interrupted is not sent.
     *
     * @throws CancelledException as of {@link #next}
     */
    void send(BuildEvent event) throws InterruptedException;

    /** Whether the connection was lost, rather than the call ended by its client. */
    boolean isLost();

    /** Ends the wait of {@link #next}. */
    void wake();

    /** Ends the call as if its connection were lost: the client has another one. */
    void replaced();

    /** The link that a call is. */
    static BuildLink of(CallLink<BuildRequest, BuildEvent> call) {
        return new BuildLink() {
            @Override
            public Optional<BuildRequest> next() throws InterruptedException {
                return call.next();
            }

            @Override
            public void send(BuildEvent event) throws InterruptedException {
                call.send(event);
            }

            @Override
            public boolean isLost() {
                return call.isLost();
            }

            @Override
            public void wake() {
                call.wake();
            }

            @Override
            public void replaced() {
                call.replaced();
            }
        };
    }
}
