package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.CallRunner.Lasts;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.linux.OtherEnd;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardSocketOptions;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** A connection of a client: one request, whose URL was handed out before, and then the streams. */
final class StreamConnection {

    private static final Logger LOG = Logger.getLogger(StreamConnection.class);

    private static final String SPDY = "SPDY/3.1";
    private static final String WEBSOCKET = "websocket";
    private static final String TUNNEL = SPDY + "+" + SpdyPorts.PROTOCOL;

    private static final List<String> SPDY_PROCESS = StreamProtocol.names(StreamProtocol.values());
    private static final List<String> WEBSOCKET_PROCESS =
            StreamProtocol.names(StreamProtocol.V5, StreamProtocol.V4, StreamProtocol.V1);

    private final SocketChannel socket;
    private final PendingStreams streams;
    private final CallRunner calls;
    private final Duration patience;
    private final InputStream in;
    private final OutputStream out;

    /** @param patience how long the client may take for its request, and then to open its streams */
    StreamConnection(SocketChannel socket, PendingStreams streams, CallRunner calls, Duration patience) {
        this.socket = socket;
        this.streams = streams;
        this.calls = calls;
        this.patience = patience;
        this.in = new BufferedInputStream(Channels.newInputStream(socket));
        this.out = Channels.newOutputStream(socket);
    }

    /** @param closed runs when the connection is closed */
    void serve(Runnable closed) throws IOException {
        boolean served = false;
        try {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            Optional<Streams> accepted = accept(request());
            if (accepted.isPresent()) {
                run(accepted.get(), closed);
                served = true;
            }
        } catch (IOException malformed) {
            LOG.debugf("a connection for streams ended: %s", malformed.getMessage());
        } finally {
            if (!served) {
                close(closed);
            }
        }
    }

    private UpgradeRequest request() throws IOException {
        Thread deadline = Background.start("stream-deadline", () -> {
            Thread.sleep(patience);
            socket.close();
        });
        try {
            return UpgradeRequest.read(in);
        } finally {
            deadline.interrupt();
        }
    }

    /** What a connection does once it has left HTTP, and for whom. */
    private record Streams(StreamTarget target, byte[] answer, CallRunner.Work work) {}

    private Optional<Streams> accept(UpgradeRequest request) throws IOException {
        if (!request.method().equals("GET") && !request.method().equals("POST")) {
            return refuse("405 Method Not Allowed", "streams are asked for by GET or POST");
        }
        Optional<StreamTarget> target = streams.take(request.path());
        if (target.isEmpty()) {
            return refuse("404 Not Found", "there is no such stream: a URL works once, within a minute");
        }
        if (request.asksFor(WEBSOCKET)) {
            return request.header("Sec-WebSocket-Version").equals(WebSocketConnection.VERSION)
                            && !request.header("Sec-WebSocket-Key").isEmpty()
                    ? webSocket(request, target.get())
                    : refuse("400 Bad Request", "this is version 13 of WebSocket");
        }
        if (request.asksFor(SPDY)) {
            return spdy(request, target.get());
        }
        return refuse("400 Bad Request", "streams need an upgrade to " + SPDY + " or " + WEBSOCKET);
    }

    private Optional<Streams> spdy(UpgradeRequest request, StreamTarget target) throws IOException {
        String header = "X-Stream-Protocol-Version";
        List<String> ours = target instanceof StreamTarget.Process ? SPDY_PROCESS : List.of(SpdyPorts.PROTOCOL);
        Optional<String> chosen = request.choose(header, ours);
        // The first version did not have the header.
        String version = chosen.orElse(ours.getLast());
        if (chosen.isEmpty() && !request.header(header).isEmpty()) {
            return refuse("403 Forbidden", "the server speaks " + String.join(", ", ours));
        }
        return Optional.of(new Streams(target, UpgradeRequest.switching(SPDY, List.of(header + ": " + version)), () -> {
            try (SpdyConnection connection = new SpdyConnection(in, out, this::hasLeft)) {
                switch (target) {
                    case StreamTarget.Process process ->
                        new SpdyProcess(process, StreamProtocol.named(version), patience).serve(connection);
                    case StreamTarget.Ports ports -> new SpdyPorts(ports.ports(), patience).serve(connection);
                }
            }
        }));
    }

    private Optional<Streams> webSocket(UpgradeRequest request, StreamTarget target) throws IOException {
        String header = "Sec-WebSocket-Protocol";
        List<String> ours = target instanceof StreamTarget.Process ? WEBSOCKET_PROCESS : List.of(TUNNEL);
        Optional<String> chosen = request.choose(header, ours);
        if (chosen.isEmpty()) {
            return refuse("403 Forbidden", "the server speaks " + String.join(", ", ours));
        }
        List<String> headers = new ArrayList<>(List.of(
                "Sec-WebSocket-Accept: " + WebSocketConnection.accept(request.header("Sec-WebSocket-Key")),
                header + ": " + chosen.get()));
        return Optional.of(new Streams(target, UpgradeRequest.switching(WEBSOCKET, headers), () -> {
            try (WebSocketConnection connection = new WebSocketConnection(in, out)) {
                switch (target) {
                    case StreamTarget.Process process ->
                        new WebSocketProcess(process, StreamProtocol.named(chosen.get()), this::hasLeft)
                                .serve(connection);
                    case StreamTarget.Ports ports ->
                        new WebSocketTunnel(new SpdyPorts(ports.ports(), patience), this::hasLeft).serve(connection);
                }
            }
        }));
    }

    private boolean hasLeft() {
        return OtherEnd.hasEnded(socket);
    }

    private Optional<Streams> refuse(String status, String reason) throws IOException {
        out.write(UpgradeRequest.refusal(status, reason));
        socket.shutdownOutput();
        return Optional.empty();
    }

    /** The streams are a call of the one to whom the URL was given. */
    private void run(Streams accepted, Runnable closed) throws IOException {
        if (calls.isClosed()) {
            refuse("503 Service Unavailable", "wherryd is shutting down");
            close(closed);
            return;
        }
        out.write(accepted.answer());
        calls.run(
                Lasts.WATCH,
                accepted.target().caller(),
                () -> {
                    try {
                        accepted.work().run();
                    } finally {
                        close(closed);
                    }
                },
                StreamConnection::log);
    }

    private static void log(Throwable failure) {
        if (failure instanceof IOException || failure instanceof CancelledException) {
            LOG.debugf("a stream ended: %s", failure.getMessage());
        } else if (failure instanceof WherryException) {
            LOG.warnf("a stream ended: %s", failure.getMessage());
        } else {
            LOG.error("a stream failed unexpectedly", failure);
        }
    }

    private void close(Runnable closed) throws IOException {
        try {
            socket.close();
        } finally {
            closed.run();
        }
    }
}
