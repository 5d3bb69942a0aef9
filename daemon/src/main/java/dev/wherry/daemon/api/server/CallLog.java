package dev.wherry.daemon.api.server;

import io.grpc.Status;
import java.util.Optional;

/** Writes down who called what, and how it ended. */
public interface CallLog {

    /**
     * Begins the entry of a call, before anything is decided about it.
     *
     * @param peer empty when the transport does not know who calls
     * @param method the full name, such as {@code wherry.v1.ImageService/List}
     * @return empty when the call is not written down however it ends
     */
    Optional<Entry> open(Optional<Peer> peer, String method);

    /** One call. */
    interface Entry {

        /** Takes the first message of the client. */
        void request(Object message);

        /** The call has ended; called once. */
        void end(Status status);
    }
}
