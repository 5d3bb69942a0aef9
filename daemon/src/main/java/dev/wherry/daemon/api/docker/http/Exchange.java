package dev.wherry.daemon.api.docker.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.wherry.daemon.api.server.Peer;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import io.netty.channel.Channel;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One request and its answer. A handler reads what it needs, then answers once: by {@link #empty}, {@link #json}, a
 * {@link #stream} or by taking the connection over ({@link #hijack}).
 */
public final class Exchange {

    public static final String JSON = "application/json";

    /** Of a request that is read at once; what is made of it takes a multiple. */
    private static final int LARGEST_BODY = 2 << 20;

    /** Such a request comes within this time, or its connection ends: a client that is slow to say it holds no call up. */
    private static final int SECONDS_FOR_BODY = 60;

    /** Parameters that name something. */
    private static final List<String> NAMING = List.of("name", "fromImage", "repo", "tag", "t", "path", "names");

    /** Fields of bodies that do. */
    private static final List<String> NAMING_FIELDS = List.of("Name", "Image", "Container");

    private static final Map<String, String> STANDARD_HEADERS = Map.of(
            "Api-Version",
            ApiVersion.NEWEST.toString(),
            "Docker-Experimental",
            "false",
            "Ostype",
            "linux",
            "Server",
            "Docker/" + EngineVersion.NUMBER + " (linux)");

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final ApiVersion version;
    private final Parameters parameters;
    private final Map<String, String> variables;
    private final InputStream body;
    private final Channel channel;
    private final WriteWindow window = new WriteWindow();
    private final Map<String, String> headers = new LinkedHashMap<>(STANDARD_HEADERS);
    private volatile List<String> named = List.of();
    private volatile boolean answered;
    private volatile boolean taken;
    private final CompletableFuture<Runnable> cancel = new CompletableFuture<>();

    /** On the thread that the request arrives on. */
    Exchange(
            HttpServerRequest request,
            ApiVersion version,
            Parameters parameters,
            Map<String, String> variables,
            InputStream body,
            Channel channel) {
        this.request = request;
        this.response = request.response();
        this.version = version;
        this.parameters = parameters;
        this.variables = variables;
        this.body = body;
        this.channel = channel;
        response.closeHandler(_ -> {
            window.close();
            if (!taken) {
                cancel.thenAccept(Runnable::run);
            }
        });
    }

    /** @param action runs when the client has gone before the answer was complete */
    void onLost(Runnable action) {
        cancel.complete(action);
    }

    public ApiVersion version() {
        return version;
    }

    public Parameters parameters() {
        return parameters;
    }

    /** What a variable of the route's pattern stands for. */
    public String variable(String name) {
        return variables.get(name);
    }

    /** The names that the request gives, for the audit log: those of its body once it has been read. */
    String target() {
        return Stream.of(
                        variables.values().stream(),
                        NAMING.stream().flatMap(name -> parameters.texts(name).stream()),
                        named.stream())
                .flatMap(names -> names)
                .collect(Collectors.joining(" "));
    }

    /** Who asks; empty when the transport knows nothing of its peer. */
    public Optional<Peer> peer() {
        return Peer.of(channel);
    }

    /** All values of a header that may come several times. */
    public List<String> headers(String name) {
        return request.headers().getAll(name);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    /** The body as it arrives. */
    public InputStream body() {
        return body;
    }

    /**
     * The body as an object of JSON.
     *
     * @throws InvalidInputException when it is too large, or something else
     */
    public JsonBody jsonBody() {
        JsonBody json = JsonBody.parse(new String(wholeBody(), StandardCharsets.UTF_8));
        named = NAMING_FIELDS.stream()
                .flatMap(field -> json.given(field).stream())
                .toList();
        return json;
    }

    private byte[] wholeBody() {
        Future<?> late = channel.eventLoop().schedule((Runnable) channel::close, SECONDS_FOR_BODY, TimeUnit.SECONDS);
        try {
            byte[] bytes = body.readNBytes(LARGEST_BODY + 1);
            if (bytes.length > LARGEST_BODY) {
                throw new InvalidInputException("the request is too large: at most " + LARGEST_BODY + " bytes");
            }
            return bytes;
        } catch (IOException gone) {
            throw new CancelledException("the client went away");
        } finally {
            late.cancel(false);
        }
    }

    /** Adds a header to the answer, before it begins. */
    public Exchange with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    private HttpServerResponse begin(int status) {
        answered = true;
        response.setStatusCode(status);
        headers.forEach(response::putHeader);
        return response;
    }

    /** Answers without a body. */
    public void empty(int status) {
        begin(status).end();
    }

    public void json(int status, JsonNode body) {
        json(status, body.toString());
    }

    public void json(int status, String body) {
        text(status, JSON, body + "\n");
    }

    public void text(int status, String type, String body) {
        begin(status).putHeader("Content-Type", type).end(Buffer.buffer(body));
    }

    /** Begins an answer that comes in pieces; its headers go out at once. It ends when the handler returns. */
    public ResponseBody stream(int status, String type) {
        begin(status).putHeader("Content-Type", type).setChunked(true).write(Buffer.buffer());
        return new ResponseBody(response, window);
    }

    /**
     * Takes the connection over: what follows the answer's head are bytes in both directions. A client that asked for an
     * upgrade is told of it. The handler closes the connection.
     */
    public RawConnection hijack(String type) throws InterruptedException {
        return take("Content-Type: " + type + "\r\n", "tcp");
    }

    /** As above, for a client that goes on with another protocol than bytes of its own. */
    public RawConnection upgrade(String protocol) throws InterruptedException {
        return take("", protocol);
    }

    private RawConnection take(String type, String protocol) throws InterruptedException {
        wholeBody();
        answered = true;
        taken = true;
        boolean upgrade = header("Upgrade").isPresent();
        StringBuilder head = new StringBuilder(upgrade ? "HTTP/1.1 101 UPGRADED\r\n" : "HTTP/1.1 200 OK\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append(type);
        if (upgrade) {
            head.append("Connection: Upgrade\r\nUpgrade: ").append(protocol).append("\r\n");
        }
        head.append("\r\n");
        return RawConnection.take(channel, head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The handler has returned. */
    void finish() {
        if (!taken && !response.ended() && !response.closed()) {
            if (!answered) {
                begin(200);
            }
            response.end();
        }
    }

    /** The handler has failed: the answer, or the end of one that has begun. */
    void fail(int status, String message) {
        if (!answered) {
            json(status, JsonNodeFactory.instance.objectNode().put("message", DockerSentences.of(message)));
        } else {
            // A client that reads pieces must not take what it has got for all of it.
            channel.close();
        }
    }
}
