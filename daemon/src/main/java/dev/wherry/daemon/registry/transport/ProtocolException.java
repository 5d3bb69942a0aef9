package dev.wherry.daemon.registry.transport;

import java.io.IOException;

/** A server answered what the protocol does not allow, or what must not be followed; asking again would not help. */
public final class ProtocolException extends IOException {

    public ProtocolException(String message) {
        super(message);
    }
}
