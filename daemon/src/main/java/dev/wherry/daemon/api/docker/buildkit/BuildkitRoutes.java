package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.daemon.api.docker.buildkit.session.ClientSessions;
import dev.wherry.daemon.api.docker.http.BytePassage;
import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.RawConnection;
import dev.wherry.daemon.api.docker.http.RouteSource;
import dev.wherry.daemon.api.docker.http.Routes;
import dev.wherry.daemon.api.server.CallRunner.Lasts;
import dev.wherry.daemon.api.server.Peer;
import dev.wherry.daemon.api.server.TcpListeners;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.UnsupportedException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/** The two connections of a client of BuildKit: one for its calls, one for those to it. */
@Singleton
final class BuildkitRoutes implements RouteSource {

    private static final String PROTOCOL = "h2c";
    private static final String BUILD = "BuildService/Build";

    private final TcpListeners listeners;
    private final ClientSessions sessions;

    BuildkitRoutes(TcpListeners listeners, ClientSessions sessions) {
        this.listeners = listeners;
        this.sessions = sessions;
    }

    @Override
    public void addTo(Routes routes) {
        routes.add("POST", "/grpc", BUILD, _ -> Lasts.CARRY, this::calls)
                .add("POST", "/session", BUILD, _ -> Lasts.CARRY, this::session);
    }

    private static void requireUpgrade(Exchange call) {
        if (!call.header("Upgrade").map(PROTOCOL::equalsIgnoreCase).orElse(false)) {
            throw new InvalidInputException("this address speaks gRPC: ask for an upgrade to " + PROTOCOL);
        }
    }

    private void calls(Exchange call) throws InterruptedException {
        requireUpgrade(call);
        Peer peer = call.peer()
                .orElseThrow(() -> new UnsupportedException("wherryd does not know who calls over this connection"));
        SocketChannel server;
        try {
            server = listeners.handOver(peer);
        } catch (IOException failure) {
            throw new HostException("cannot reach the server of calls: " + failure.getMessage(), failure);
        }
        try (RawConnection connection = call.upgrade(PROTOCOL);
                BytePassage passage = new BytePassage(connection.input(), connection.output(), server)) {
            passage.awaitEnd();
        }
    }

    private void session(Exchange call) throws InterruptedException, IOException {
        requireUpgrade(call);
        SessionOffer offer = SessionOffer.of(name -> call.header(name), name -> call.headers(name), call.peer());
        sessions.check(offer.id());
        try (RawConnection connection = call.upgrade(PROTOCOL)) {
            sessions.serve(connection.input(), connection.output(), offer.id(), offer.directory(), offer.methods());
        }
    }
}
