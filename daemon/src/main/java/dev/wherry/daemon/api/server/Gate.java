package dev.wherry.daemon.api.server;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.error.ForbiddenException;
import java.util.Optional;

/** Decides about every call before a service sees it. */
public interface Gate {

    /**
     * Lets a call pass.
     *
     * @param peer empty when the transport does not know who calls
     * @param method the full name, such as {@code wherry.v1.ImageService/List}
     * @return for whom the call works
     * @throws ForbiddenException when the peer may not make this call
     */
    Caller admit(Optional<Peer> peer, String method);

    /** The namespace whose daemon a peer's connection is handed over to; empty when this daemon serves the peer. */
    Optional<NamespaceName> elsewhere(Peer peer);
}
