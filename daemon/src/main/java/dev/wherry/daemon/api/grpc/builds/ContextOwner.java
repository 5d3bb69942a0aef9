package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.api.server.Peer;
import java.util.Optional;

/** Whose build contexts the client of a call sends. */
final class ContextOwner {

    private ContextOwner() {}

    /** A name that no other owner has, the same for each connection of the owner. */
    static String of(Optional<Peer> peer) {
        return switch (peer.orElse(null)) {
            case Peer.Certificate certificate -> "certificate " + certificate.subject();
            case Peer.LocalUser local -> "user " + local.uid();
            case Peer.Loopback _ -> "loopback";
            case null -> "unknown";
        };
    }
}
