package dev.wherry.daemon.api.docker.http;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.api.server.CallLog;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.ErrorStatus;
import dev.wherry.daemon.api.server.Gate;
import dev.wherry.daemon.api.server.NamespaceRoutes;
import dev.wherry.daemon.api.server.Peer;
import dev.wherry.daemon.api.server.TcpListeners;
import dev.wherry.daemon.api.server.TcpSettings;
import dev.wherry.daemon.api.server.UnixSocketTransport;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.ShuttingDownException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.error.WherryException;
import io.grpc.Status;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.quarkus.arc.All;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Serves Docker's API on a unix socket of its own, and by TCP. Each request has the caller, the role and the line of the
 * audit log that a call of our own API has. The connections of namespaces are passed on to their daemons.
 */
@Singleton
public final class DockerServer {

    private static final int LARGEST_HEADERS = 512 << 10;
    private static final int LONGEST_LINE = 128 << 10;
    private static final int MOST_PARAMETERS = 10_000;
    /** What a client may still send after its answer, before the connection is closed. */
    private static final int DRAIN_MILLIS = 10_000;

    private final Vertx vertx;
    private final CallRunner calls;
    private final Gate gate;
    private final CallLog log;
    private final ErrorStatus errors;
    private final NamespaceRoutes namespaces;
    private final Routes routes = new Routes();
    private final IdleConnections idle;

    DockerServer(
            Vertx vertx,
            CallRunner calls,
            Gate gate,
            CallLog log,
            ErrorStatus errors,
            NamespaceRoutes namespaces,
            @All List<RouteSource> sources) {
        this.namespaces = namespaces;
        this.vertx = vertx;
        this.calls = calls;
        this.gate = gate;
        this.log = log;
        this.errors = errors;
        this.idle = new IdleConnections(vertx);
        sources.forEach(source -> source.addTo(routes));
    }

    /**
     * Begins to listen.
     *
     * @param socket where nothing is yet
     * @throws HostException when it cannot listen there
     */
    public void listen(Path socket) {
        listen(socket, UnixSocketTransport.STAYING);
    }

    /**
     * Begins to take connections that are handed over with a word on who is at the other end: of clients by TCP, and of those
     * of a namespace.
     *
     * @param socket where a killed daemon may have left one
     * @throws HostException when it cannot listen there
     */
    public void listenToRelay(Path socket) {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException failure) {
            throw new HostException("cannot listen on unix://" + socket + ": " + failure.getMessage(), failure);
        }
        listen(socket, UnixSocketTransport.DOCKER_RELAY);
    }

    /**
     * Begins to listen for clients by TCP, which have a certificate.
     *
     * @return the addresses, as {@code tcp://HOST:PORT}
     * @throws HostException when an address cannot be had
     */
    public List<String> listen(TcpListeners listeners, TcpSettings settings) {
        return listeners.openDocker(settings, options(), this::serve);
    }

    private static HttpServerOptions options() {
        return new HttpServerOptions()
                // What asks for an upgrade here is Docker's own protocol, not the one of HTTP/2's specification.
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(LARGEST_HEADERS)
                .setMaxInitialLineLength(LONGEST_LINE)
                .setHandle100ContinueAutomatically(true);
    }

    private HttpServer serve(HttpServer server) {
        return server.connectionHandler(connection -> opened(((ConnectionBase) connection).channel()))
                .requestHandler(this::accept)
                // Bytes that are no request end their connection; nobody is told.
                .invalidRequestHandler(request -> request.connection().close());
    }

    private void opened(Channel connection) {
        idle.opened(connection);
        Peer.of(connection).flatMap(namespaces::docker).ifPresent(relay -> {
            // Another daemon closes it when it is idle.
            idle.begin(connection);
            connection.config().setAutoRead(false);
            Background.start("docker-namespace", () -> passOn(connection, relay));
        });
    }

    private void passOn(Channel connection, CompletableFuture<Path> relay) {
        Peer peer = Peer.of(connection).orElseThrow();
        try (SocketChannel daemon = TcpListeners.handOver(peer, relay.get())) {
            try (RawConnection client = RawConnection.take(connection, new byte[0]);
                    BytePassage passage = BytePassage.ofBothWays(client, daemon)) {
                passage.awaitEnd();
            }
        } catch (ExecutionException failure) {
            keep(connection, String.valueOf(failure.getCause().getMessage()));
        } catch (IOException failure) {
            keep(connection, "the daemon of the namespace does not answer: try again");
        } catch (CancelledException gone) {
            // Nobody waits for an answer.
        } catch (InterruptedException ending) {
            connection.close();
        }
    }

    /** Its requests are answered here after all, with the reason. */
    private void keep(Channel connection, String reason) {
        Peer.refuse(connection, reason);
        connection.config().setAutoRead(true);
        idle.end(connection);
    }

    private void listen(Path socket, String host) {
        try {
            serve(vertx.createHttpServer(options().setHost(host)))
                    .listen(SocketAddress.domainSocketAddress(socket.toString()))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException failure) {
            throw new HostException(
                    "cannot listen on unix://" + socket + ": "
                            + failure.getCause().getMessage(),
                    failure.getCause());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new HostException("interrupted while starting to listen on unix://" + socket, ending);
        }
    }

    private void accept(HttpServerRequest request) {
        Channel channel = ((ConnectionBase) request.connection()).channel();
        InputStream body = IncomingBody.of(request);
        idle.begin(channel);
        // An answer ends on the thread of its call, while the rest of the request arrives on this one.
        Context arriving = vertx.getOrCreateContext();
        request.response().endHandler(_ -> {
            idle.end(channel);
            arriving.runOnContext(_ -> drain(request));
        });
        try {
            Peer.refusalOf(channel).ifPresent(reason -> {
                throw new UnavailableException(reason);
            });
            QueryStringDecoder query =
                    new QueryStringDecoder(request.uri(), StandardCharsets.UTF_8, true, MOST_PARAMETERS);
            ApiVersion.Versioned versioned = ApiVersion.read(query.path());
            Routes.Match match = routes.find(request.method().name(), versioned.path())
                    .orElseThrow(() -> new NotFoundException("page", versioned.path(), "page not found"));
            run(
                    match.route(),
                    new Exchange(
                            request,
                            versioned.version(),
                            new Parameters(query.parameters()),
                            match.variables(),
                            body,
                            channel),
                    Peer.of(channel));
        } catch (IllegalArgumentException malformed) {
            refuse(request, body, channel, new InvalidInputException("the path of the request is malformed"));
        } catch (WherryException refusal) {
            refuse(request, body, channel, refusal);
        }
    }

    private static void refuse(HttpServerRequest request, InputStream body, Channel channel, WherryException refusal) {
        new Exchange(request, ApiVersion.NEWEST, new Parameters(Map.of()), Map.of(), body, channel)
                .fail(HttpErrors.code(refusal), refusal.getMessage());
    }

    private void run(Routes.Route route, Exchange exchange, Optional<Peer> peer) {
        Optional<CallLog.Entry> entry = log.open(peer, route.method());
        Caller caller;
        try {
            if (calls.isClosed()) {
                throw new ShuttingDownException();
            }
            caller = gate.admit(peer, route.method());
        } catch (WherryException refusal) {
            entry.ifPresent(line -> line.end(Status.fromThrowable(errors.transform(refusal))));
            exchange.fail(HttpErrors.code(refusal), refusal.getMessage());
            return;
        }
        exchange.onLost(calls.run(
                route.lasts().apply(exchange.parameters()),
                caller,
                () -> {
                    route.handler().handle(exchange);
                    exchange.finish();
                    end(entry, exchange, Status.OK);
                },
                failure -> {
                    Status status = Status.fromThrowable(errors.transform(failure));
                    exchange.fail(HttpErrors.code(failure), String.valueOf(status.getDescription()));
                    end(entry, exchange, status);
                }));
    }

    private static void end(Optional<CallLog.Entry> entry, Exchange exchange, Status status) {
        entry.ifPresent(line -> {
            line.request(exchange.target());
            line.end(status);
        });
    }

    /** Lets a client that is answered finish its request, so that it reads the answer. */
    private void drain(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        long closing = vertx.setTimer(DRAIN_MILLIS, _ -> request.connection().close());
        request.handler(_ -> {});
        request.endHandler(_ -> vertx.cancelTimer(closing));
        request.resume();
    }
}
