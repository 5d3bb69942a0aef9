package dev.wherry.daemon.registry;

import java.io.IOException;

/** A server answered what the protocol does not allow, or what must not be followed; asking again would not help. */
final class ProtocolException extends IOException {

    ProtocolException(String message) {
        super(message);
    }
}
