package dev.wherry.daemon.builder.cache.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.wherry.daemon.content.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cache service and a blob store on a loopback port that keep the published protocols: Twirp's JSON, and the block blobs
 * of Azure Storage at signed addresses.
 */
final class ActionsServer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    static final String TOKEN = token(
            "[{\"Scope\":\"refs/heads/topic\",\"Permission\":3},{\"Scope\":\"refs/heads/main\",\"Permission\":1}]");

    private static final String CALLS = "/results/twirp/github.actions.results.api.v1.CacheService/";
    private static final String VERSION = Digest.sha256("|go-actionscache-1.0").hex();
    private static final Pattern BLOCK = Pattern.compile("<Latest>([^<]+)</Latest>");

    /** Complete entries, in the order in which they were completed. */
    final SequencedMap<String, byte[]> entries = new LinkedHashMap<>();

    /** Every request: its method and the path, or the name of the call. */
    final List<String> requests = new ArrayList<>();

    /** How many of the next requests are answered with a status of trouble. */
    int busy;

    /** How many of the next downloads break off in the middle. */
    int cuts;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final List<String> keys = new ArrayList<>();
    private final Map<String, Map<String, byte[]>> blocks = new HashMap<>();
    private final Map<String, byte[]> uploaded = new HashMap<>();

    ActionsServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/results";
    }

    /** As a runner gives it; nobody here checks its signature. */
    static String token(String scopes) {
        return token(scopes, 4_000_000_000L);
    }

    static String token(String scopes, long expiry) {
        ObjectNode claims = JSON.createObjectNode().put("ac", scopes).put("exp", expiry);
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.US_ASCII)) + "."
                + base64.encodeToString(claims.toString().getBytes(StandardCharsets.US_ASCII)) + ".signature";
    }

    /** Begins an entry that another client never completes. */
    synchronized void reserve(String key) {
        keys.add(key);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestMethod() + " " + path.replace(CALLS, ""));
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (busy > 0) {
            busy--;
            exchange.getResponseHeaders().set("Retry-After", "0");
            send(exchange, busy % 2 == 0 ? 429 : 503, new byte[0]);
        } else if (path.startsWith(CALLS)) {
            call(exchange, path.substring(CALLS.length()), body);
        } else if (path.startsWith("/blob/") && "secret".equals(query(exchange).get("sig"))) {
            blob(exchange, keys.get(Integer.parseInt(path.substring("/blob/".length()))), body);
        } else {
            send(exchange, 404, new byte[0]);
        }
    }

    private void call(HttpExchange exchange, String name, byte[] body) throws IOException {
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, json("{\"code\":\"unauthenticated\",\"msg\":\"bad token\"}"));
            return;
        }
        JsonNode question = JSON.readTree(body);
        String key = question.path("key").asText();
        if (!question.path("version").asText().equals(VERSION)) {
            send(exchange, 400, json("{\"code\":\"invalid_argument\",\"msg\":\"version\"}"));
            return;
        }
        switch (name) {
            case "CreateCacheEntry" -> {
                if (keys.contains(key)) {
                    send(exchange, 409, json("{\"code\":\"already_exists\",\"msg\":\"cache entry exists\"}"));
                } else {
                    keys.add(key);
                    send(exchange, 200, json("{\"ok\":true,\"signed_upload_url\":\"" + signed(key) + "\"}"));
                }
            }
            case "FinalizeCacheEntryUpload" -> {
                byte[] bytes = uploaded.get(key);
                boolean whole = bytes != null
                        && bytes.length == question.path("size_bytes").asLong();
                if (whole) {
                    entries.put(key, bytes);
                }
                send(exchange, 200, json("{\"ok\":" + whole + ",\"entry_id\":\"7\"}"));
            }
            case "GetCacheEntryDownloadURL" -> {
                String found = entries.containsKey(key) ? key : newest(question.path("restore_keys"));
                send(
                        exchange,
                        200,
                        found == null
                                ? json("{\"ok\":false,\"signed_download_url\":\"\",\"matched_key\":\"\"}")
                                : json("{\"ok\":true,\"signed_download_url\":\"" + signed(found)
                                        + "\",\"matched_key\":\"" + found + "\"}"));
            }
            default -> send(exchange, 404, json("{\"code\":\"bad_route\"}"));
        }
    }

    private String newest(JsonNode beginnings) {
        for (JsonNode beginning : beginnings) {
            for (String key : entries.sequencedKeySet().reversed()) {
                if (key.startsWith(beginning.asText())) {
                    return key;
                }
            }
        }
        return null;
    }

    private String signed(String key) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/blob/" + keys.indexOf(key) + "?sig=secret";
    }

    private void blob(HttpExchange exchange, String key, byte[] body) throws IOException {
        Map<String, String> query = query(exchange);
        Map<String, byte[]> own = blocks.computeIfAbsent(key, _ -> new HashMap<>());
        if (exchange.getRequestMethod().equals("GET")) {
            download(exchange, entries.get(key));
        } else if ("block".equals(query.get("comp"))) {
            own.put(query.get("blockid"), body);
            send(exchange, 201, new byte[0]);
        } else if ("blocklist".equals(query.get("comp"))) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            Matcher listed = BLOCK.matcher(new String(body, StandardCharsets.UTF_8));
            while (listed.find()) {
                whole.write(own.get(listed.group(1)));
            }
            uploaded.put(key, whole.toByteArray());
            send(exchange, 201, new byte[0]);
        } else {
            send(exchange, 400, new byte[0]);
        }
    }

    private void download(HttpExchange exchange, byte[] bytes) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (from > 0) {
            requests.add("from " + from);
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/*");
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, bytes.length - from);
        int to = cuts > 0 ? from + (bytes.length - from) / 2 : bytes.length;
        cuts = Math.max(0, cuts - 1);
        exchange.getResponseBody().write(Arrays.copyOfRange(bytes, from, to));
        exchange.getResponseBody().flush();
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        for (String field : exchange.getRequestURI().getQuery().split("&")) {
            String[] sides = field.split("=", 2);
            query.put(sides[0], sides[1]);
        }
        return query;
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
