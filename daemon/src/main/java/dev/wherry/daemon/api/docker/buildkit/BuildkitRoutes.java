package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.daemon.api.docker.buildkit.session.ClientSessions;
import dev.wherry.daemon.api.docker.buildkit.session.SessionDirectory;
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
import java.net.URLDecoder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The two connections of a client of BuildKit: one for its calls, one for those to it. */
@Singleton
final class BuildkitRoutes implements RouteSource {

    private static final String PROTOCOL = "h2c";
    private static final String BUILD = "BuildService/Build";
    private static final String SESSION = "X-Docker-Expose-Session-";
    private static final int MOST_METHODS = 100;

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
                BytePassage passage = new BytePassage(connection, server)) {
            passage.awaitEnd();
        }
    }

    private void session(Exchange call) throws InterruptedException, IOException {
        requireUpgrade(call);
        String id = call.header(SESSION + "Uuid").orElse("");
        sessions.check(id);
        Set<String> methods = new HashSet<>();
        call.headers(SESSION + "Grpc-Method").stream()
                .limit(MOST_METHODS)
                .forEach(method -> methods.add(method.toLowerCase(Locale.ROOT)));
        SessionDirectory directory =
                new SessionDirectory(key(call).orElse(id), call.peer().flatMap(BuildkitRoutes::folder));
        try (RawConnection connection = call.upgrade(PROTOCOL)) {
            sessions.serve(connection, id, directory, methods);
        }
    }

    private static Optional<String> key(Exchange call) {
        boolean encoded = call.header(SESSION + "Sharedkey-Encoded").isPresent();
        return call.header(SESSION + "Sharedkey")
                .filter(key -> !key.isEmpty())
                .map(key -> encoded ? URLDecoder.decode(key, StandardCharsets.UTF_8) : key);
    }

    /** Where the process of a client on this host works. */
    private static Optional<Path> folder(Peer peer) {
        try {
            return peer instanceof Peer.LocalUser local && local.pid() > 0
                    ? Optional.of(Files.readSymbolicLink(Path.of("/proc", Integer.toString(local.pid()), "cwd")))
                    : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
