package dev.wherry.daemon.api.server;

import dev.wherry.daemon.namespace.NamespaceDaemons;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Tells the transport, which exists before everything else, whose connections it hands over. Until then it hands over
 * none, and the {@link Gate} refuses the calls of peers that belong to a namespace.
 */
@Singleton
final class NamespaceRoutes {

    private final Vertx vertx;
    private final Gate gate;
    private final NamespaceDaemons daemons;

    NamespaceRoutes(Vertx vertx, Gate gate, NamespaceDaemons daemons) {
        this.vertx = vertx;
        this.gate = gate;
        this.daemons = daemons;
    }

    void begin(@Observes StartupEvent start) {
        ((UnixSocketTransport) ((VertxInternal) vertx).transport())
                .tcpConnections()
                .handOver(peer -> gate.elsewhere(peer).map(namespace -> () -> daemons.relay(namespace)));
    }
}
