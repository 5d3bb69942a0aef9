package dev.wherry.daemon.api.server;

import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.namespace.NamespaceDaemons;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Tells the transport, which exists before everything else, whose connections it hands over. Until then it hands over
 * none, and the {@link Gate} refuses the calls of peers that belong to a namespace.
 */
@Singleton
public final class NamespaceRoutes {

    private final Vertx vertx;
    private final Gate gate;
    private final NamespaceDaemons daemons;
    private final Layout layout;

    NamespaceRoutes(Vertx vertx, Gate gate, NamespaceDaemons daemons, Layout layout) {
        this.layout = layout;
        this.vertx = vertx;
        this.gate = gate;
        this.daemons = daemons;
    }

    void begin(@Observes StartupEvent start) {
        TcpConnections connections = ((UnixSocketTransport) ((VertxInternal) vertx).transport()).tcpConnections();
        connections.handOver(peer -> gate.elsewhere(peer).map(namespace -> () -> daemons.relay(namespace)));
        // After TLS even what stays here is handed over: the connections that Docker's API takes over are of unix
        // sockets.
        connections.handOverDocker(peer -> Optional.of(
                () -> docker(peer).orElseGet(() -> CompletableFuture.completedFuture(layout.dockerRelaySocket()))));
    }

    /** Where the daemon of a peer's namespace takes connections on which Docker's API is spoken; empty when this one does. */
    public Optional<CompletableFuture<Path>> docker(Peer peer) {
        return gate.elsewhere(peer).map(daemons::dockerRelay);
    }
}
