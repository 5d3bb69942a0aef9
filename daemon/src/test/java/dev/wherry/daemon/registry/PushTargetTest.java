package dev.wherry.daemon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.registry.PushTarget.Outcome;
import dev.wherry.daemon.registry.auth.RegistryLogin;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads to docker-registry, and to registries that cut, limit, forget or refuse. */
class PushTargetTest {

    private static final String TYPE = "application/octet-stream";
    private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

    @TempDir
    Path folder;

    private final byte[] bytes = new byte[400_000];
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private HttpServer server;
    private PrivateStores stores;
    private Registries registries;

    @BeforeEach
    void start() throws IOException {
        new Random(3).nextBytes(bytes);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        stores = new PrivateStores(folder.resolve("stores"));
        registries = new Registries(RegistrySettings.STANDARD, stores.content, Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private PushTarget target() {
        return registries.target(new RepositoryName(host(), "app"), RegistryLogins.NONE);
    }

    private BlobSource blob() {
        return BlobSource.of(TYPE, bytes);
    }

    private interface Handler {
        void handle(HttpExchange exchange, int request) throws IOException;
    }

    private void on(String path, Handler handler) {
        AtomicInteger count = new AtomicInteger();
        server.createContext(path, exchange -> {
            requests.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestURI().getPath().replace("/v2/app/", ""));
            try (exchange) {
                handler.handle(exchange, count.incrementAndGet());
            }
        });
    }

    private static void answer(HttpExchange exchange, int status, String... headers) throws IOException {
        for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
        }
        exchange.sendResponseHeaders(status, -1);
    }

    /** No blob is there, and a session opens at {@code /upload}. */
    private void emptyRepository() {
        on("/v2/app/blobs/", (exchange, _) -> {
            if (exchange.getRequestMethod().equals("HEAD")) {
                answer(exchange, 404);
            } else {
                answer(exchange, 202, "Location", "/upload");
            }
        });
    }

    private void receive(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().transferTo(received);
    }

    @Test
    void blobIsSentOnceAndThenThere() throws Exception {
        try (LocalRegistry registry = new LocalRegistry(folder.resolve("registry"))) {
            PushTarget app = registries.target(new RepositoryName(registry.host(), "app"), RegistryLogins.NONE);
            List<Long> sent = new ArrayList<>();
            assertThat(app.add(blob(), Optional.empty(), sent::add)).isEqualTo(Outcome.SENT);
            assertThat(sent).isSorted().endsWith((long) bytes.length);
            assertThat(app.has(blob().descriptor().digest())).isTrue();
            assertThat(app.add(blob())).isEqualTo(Outcome.EXISTED);
            Optional<RepositoryName> from = Optional.of(new RepositoryName(registry.host(), "app"));
            PushTarget other = registries.target(new RepositoryName(registry.host(), "b/other"), RegistryLogins.NONE);
            assertThat(other.add(blob(), from, _ -> {})).isEqualTo(Outcome.MOUNTED);
            Optional<RepositoryName> wrong = Optional.of(new RepositoryName(registry.host(), "nothing/here"));
            PushTarget third = registries.target(new RepositoryName(registry.host(), "third"), RegistryLogins.NONE);
            assertThat(third.add(blob(), wrong, _ -> {})).isEqualTo(Outcome.SENT);
        }
    }

    @Test
    void manifestIsStoredByteForByte() throws Exception {
        try (LocalRegistry registry = new LocalRegistry(folder.resolve("registry"))) {
            RepositoryName name = new RepositoryName(registry.host(), "app");
            PushTarget app = registries.target(name, RegistryLogins.NONE);
            BlobSource config = BlobSource.of("application/vnd.oci.image.config.v1+json", "{}".getBytes());
            app.add(config);
            byte[] manifest = """
                    {"schemaVersion":2,  "mediaType":"%s","layers":[],
                     "config":{"mediaType":"%s","digest":"%s","size":2}}
                    """.formatted(
                            MANIFEST_TYPE,
                            config.descriptor().mediaType(),
                            config.descriptor().digest())
                    .getBytes(StandardCharsets.UTF_8);
            assertThat(app.find("v1")).isEmpty();
            Digest digest = app.put("v1", MANIFEST_TYPE, manifest);
            assertThat(app.find("v1")).contains(digest);
            assertThat(registries.open(name).manifest("v1").bytes()).isEqualTo(manifest);
        }
    }

    @Test
    void brokenUploadGoesOnWhereItBroke() {
        emptyRepository();
        on("/upload", (exchange, _) -> {
            switch (exchange.getRequestMethod()) {
                case "GET" -> answer(exchange, 204, "Range", "0-" + (received.size() - 1), "Location", "/upload");
                case "PATCH" -> {
                    assertThat(exchange.getRequestHeaders().getFirst("Content-Range"))
                            .isEqualTo(received.size() + "-" + (bytes.length - 1));
                    receive(exchange);
                    answer(exchange, 202, "Range", "0-" + (received.size() - 1), "Location", "/upload");
                }
                default -> {
                    if (received.size() == 0) {
                        received.write(exchange.getRequestBody().readNBytes(150_000));
                        exchange.getResponseBody().close();
                    } else {
                        receive(exchange);
                        answer(exchange, 201);
                    }
                }
            }
        });
        assertThat(target().add(blob())).isEqualTo(Outcome.SENT);
        assertThat(received.toByteArray()).isEqualTo(bytes);
        assertThat(requests).containsSubsequence("PUT /upload", "GET /upload", "PATCH /upload", "PUT /upload");
    }

    @Test
    void forgottenSessionIsReplaced() {
        emptyRepository();
        on("/upload", (exchange, request) -> {
            if (request == 1) {
                exchange.getRequestBody().readNBytes(1000);
                exchange.getResponseBody().close();
            } else if (exchange.getRequestMethod().equals("GET")) {
                answer(exchange, 404);
            } else {
                received.reset();
                receive(exchange);
                answer(exchange, 201);
            }
        });
        assertThat(target().add(blob())).isEqualTo(Outcome.SENT);
        assertThat(received.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void blobThatIsTooMuchAtOnceGoesInChunks() {
        emptyRepository();
        on("/upload", (exchange, _) -> {
            if (exchange.getRequestBody().readNBytes(0).length == 0
                    && Long.parseLong(exchange.getRequestHeaders().getFirst("Content-Length")) > 33 << 20) {
                answer(exchange, 413);
                return;
            }
            receive(exchange);
            answer(exchange, exchange.getRequestMethod().equals("PUT") ? 201 : 202, "Location", "/upload");
        });
        byte[] large = new byte[70 << 20];
        assertThat(target().add(BlobSource.of(TYPE, large))).isEqualTo(Outcome.SENT);
        assertThat(received.size()).isEqualTo(large.length);
        assertThat(requests.stream().filter("PATCH /upload"::equals)).hasSize(3);
    }

    @Test
    void busyRegistryIsAskedAgainWhenItSays() {
        on("/v2/app/blobs/", (exchange, request) -> {
            if (exchange.getRequestMethod().equals("HEAD")) {
                answer(exchange, 404);
            } else if (request < 4) {
                answer(exchange, 429, "Retry-After", "0");
            } else {
                answer(exchange, 202, "Location", "/upload?state=x");
            }
        });
        on("/upload", (exchange, _) -> {
            receive(exchange);
            assertThat(exchange.getRequestURI().getQuery()).startsWith("state=x&digest=sha256:");
            answer(exchange, 201);
        });
        assertThat(target().add(blob())).isEqualTo(Outcome.SENT);
        assertThat(received.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void registryThatFindsOtherBytesIsBelieved() {
        emptyRepository();
        on("/upload", (exchange, _) -> {
            receive(exchange);
            byte[] body = "{\"errors\":[{\"code\":\"DIGEST_INVALID\",\"message\":\"provided digest did not match\"}]}"
                    .getBytes();
            exchange.sendResponseHeaders(400, body.length);
            exchange.getResponseBody().write(body);
        });
        assertThatThrownBy(() -> target().add(blob()))
                .isInstanceOf(CorruptContentException.class)
                .hasMessageContaining("did not match");
    }

    @Test
    void reasonOfARefusedManifestIsTold() {
        on("/v2/app/manifests/", (exchange, _) -> {
            receive(exchange);
            byte[] body = "{\"errors\":[{\"code\":\"MANIFEST_INVALID\",\"message\":\"no\\nlayers\"}]}".getBytes();
            exchange.sendResponseHeaders(400, body.length);
            exchange.getResponseBody().write(body);
        });
        assertThatThrownBy(() -> target().put("v1", MANIFEST_TYPE, new byte[] {'{', '}'}))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("status 400: no layers");
    }

    @Test
    void passwordIsShownToItsOwnHostOnly() {
        String expected = "Basic " + Base64.getEncoder().encodeToString("ann:sesame".getBytes());
        on("/v2/app/blobs/", (exchange, _) -> {
            if (!expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                answer(exchange, 401, "WWW-Authenticate", "Basic realm=\"here\"");
            } else {
                answer(exchange, 200);
            }
        });
        RegistryLogin login = new RegistryLogin("ann", "sesame", "");
        RepositoryName app = new RepositoryName(host(), "app");
        PushTarget known = registries.target(app, new RegistryLogins(Map.of(host(), login)));
        assertThat(known.has(blob().descriptor().digest())).isTrue();
        assertThat(known.has(blob().descriptor().digest())).isTrue();
        assertThat(requests).hasSize(3);
        PushTarget stranger = registries.target(app, new RegistryLogins(Map.of("elsewhere:5000", login)));
        assertThatThrownBy(() -> stranger.has(blob().descriptor().digest()))
                .isInstanceOf(DeniedException.class)
                .hasMessageContaining("denied");
        PushTarget wrong =
                registries.target(app, new RegistryLogins(Map.of(host(), new RegistryLogin("ann", "wrong", ""))));
        assertThatThrownBy(() -> wrong.has(blob().descriptor().digest()))
                .isInstanceOf(DeniedException.class)
                .hasMessageNotContaining("wrong");
        assertThat(login.toString()).doesNotContain("sesame");
    }

    @Test
    void tokenIsForWhatThePushNeeds() {
        List<String> questions = Collections.synchronizedList(new ArrayList<>());
        on("/token", (exchange, _) -> {
            String query = String.valueOf(exchange.getRequestURI().getRawQuery());
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
            questions.add(exchange.getRequestMethod() + " "
                    + URLDecoder.decode(form.isEmpty() ? query : form, StandardCharsets.UTF_8));
            byte[] body = "{\"access_token\":\"good\"}".getBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        });
        on("/v2/app/blobs/", (exchange, _) -> {
            if (!"Bearer good".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                answer(
                        exchange,
                        401,
                        "WWW-Authenticate",
                        "Basic realm=\"x\", Bearer realm=\"http://" + host() + "/token\",service=\"s\"");
            } else {
                answer(exchange, 200);
            }
        });
        RegistryLogins password = new RegistryLogins(Map.of(host(), new RegistryLogin("ann", "sesame", "")));
        RegistryLogins token = new RegistryLogins(Map.of(host(), new RegistryLogin("", "", "lasting")));
        RepositoryName app = new RepositoryName(host(), "app");
        Descriptor blob = blob().descriptor();
        assertThat(registries.target(app, password).has(blob.digest())).isTrue();
        assertThat(registries.target(app, token).has(blob.digest())).isTrue();
        assertThat(questions)
                .containsExactly(
                        "GET service=s&scope=repository:app:pull,push&account=ann",
                        "POST grant_type=refresh_token&refresh_token=lasting&client_id=wherry&service=s"
                                + "&scope=repository:app:pull,push");
    }
}
