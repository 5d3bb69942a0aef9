package dev.wherry.daemon.api.server;

import java.time.Instant;
import java.util.Optional;

/** When the files of TLS expire that are in use. */
@FunctionalInterface
public interface TlsExpiry {

    /** When the first part of a kind expires; empty where nothing is served by TLS, or none of the kind expires. */
    Optional<Instant> first(TlsPart part);
}
