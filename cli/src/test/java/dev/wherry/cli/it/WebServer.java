package dev.wherry.cli.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** A web server on loopback whose pages a test sets. */
final class WebServer implements AutoCloseable {

    /** Answers one request. */
    @FunctionalInterface
    interface Page {
        void answer(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    WebServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Page page = pages.entrySet().stream()
                .filter(entry -> path.equals(entry.getKey()) || path.startsWith(entry.getKey() + "/"))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(missing -> send(missing, 404, new byte[0]));
        if (path.startsWith("/git/")) {
            requests.add("GET " + path);
        }
        try (exchange) {
            page.answer(exchange);
        }
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    WebServer page(String path, Page page) {
        pages.put(path, page);
        return this;
    }

    /** A file that never changes, with an ETag that says so. */
    WebServer file(String path, byte[] content, String lastModified) {
        String tag = "\"" + java.util.Arrays.hashCode(content) + "\"";
        return page(path, exchange -> {
            exchange.getResponseHeaders().set("ETag", tag);
            if (!lastModified.isEmpty()) {
                exchange.getResponseHeaders().set("Last-Modified", lastModified);
            }
            String known = exchange.getRequestHeaders().getFirst("If-None-Match");
            int status = known != null && known.equals(tag) ? 304 : 200;
            // Before the answer, so that whoever has it finds the request.
            requests.add("GET " + path + " " + status);
            send(exchange, status, content);
        });
    }

    WebServer file(String path, String content) {
        return file(path, content.getBytes(StandardCharsets.UTF_8), "");
    }

    /** Which files were asked for since the last call: {@code GET /a 200}. */
    List<String> takeRequests() {
        synchronized (requests) {
            List<String> taken = List.copyOf(requests);
            requests.clear();
            return taken;
        }
    }

    static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
        boolean empty = status == 304 || content.length == 0;
        exchange.sendResponseHeaders(status, empty ? -1 : content.length);
        if (!empty) {
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(content);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
