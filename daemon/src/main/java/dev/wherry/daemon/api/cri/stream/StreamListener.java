package dev.wherry.daemon.api.cri.stream;

import jakarta.inject.Singleton;

/** The port of loopback on which streams are served. */
@Singleton
final class StreamListener {

    /** The beginning of its URLs. The first call opens the port. */
    synchronized String address(PendingStreams streams) {
        throw new UnsupportedOperationException("not yet");
    }
}
