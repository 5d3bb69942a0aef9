package dev.wherry.daemon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.metadata.Leases.Lease;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against docker-registry, the reference implementation. */
class RegistryTest {

    private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

    @TempDir
    static Path registryFolder;

    @TempDir
    Path folder;

    private static LocalRegistry registry;
    private static byte[] blob;
    private static Digest blobDigest;
    private static byte[] manifest;
    private static Digest manifestDigest;

    private PrivateStores stores;

    @BeforeAll
    static void push() throws Exception {
        registry = new LocalRegistry(registryFolder);
        blob = new byte[3_000_000];
        new Random(1).nextBytes(blob);
        for (String repository : List.of("app", "library/official")) {
            blobDigest = registry.pushBlob(repository, blob);
            byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
            Digest configDigest = registry.pushBlob(repository, config);
            manifest = """
                    {"schemaVersion":2,"mediaType":"%s",
                     "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":2},
                     "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":%d}]}
                    """.formatted(MANIFEST_TYPE, configDigest, blobDigest, blob.length)
                    .getBytes(StandardCharsets.UTF_8);
            manifestDigest = registry.pushManifest(repository, "v1", MANIFEST_TYPE, manifest);
        }
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @BeforeEach
    void open() {
        stores = new PrivateStores(folder);
    }

    private RemoteRepository open(RegistrySettings settings, String host, String path) {
        return new Registries(settings, stores.content, Duration.ofSeconds(10)).open(new RepositoryName(host, path));
    }

    private RemoteRepository app() {
        return open(RegistrySettings.STANDARD, registry.host(), "app");
    }

    @Test
    void manifestIsTheSameByTagAndByDigest() {
        RemoteManifest byTag = app().manifest("v1");
        assertThat(byTag.bytes()).isEqualTo(manifest);
        assertThat(byTag.digest()).isEqualTo(manifestDigest);
        assertThat(byTag.mediaType()).isEqualTo(MANIFEST_TYPE);
        assertThat(app().manifest(manifestDigest.toString()).bytes()).isEqualTo(manifest);
    }

    @Test
    void unknownTagIsNotFound() {
        assertThatThrownBy(() -> app().manifest("nope"))
                .isInstanceOf(NotFoundException.class)
                .hasMessage(registry.host() + "/app:nope not found");
    }

    @Test
    void unknownRepositoryIsNotFound() {
        assertThatThrownBy(() -> open(RegistrySettings.STANDARD, registry.host(), "other")
                        .manifest("v1"))
                .isInstanceOf(NotFoundException.class)
                .hasMessage(registry.host() + "/other:v1 not found");
    }

    @Test
    void absentRegistryIsNamed() {
        assertThatThrownBy(() ->
                        open(RegistrySettings.STANDARD, "127.0.0.1:1", "app").manifest("v1"))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("cannot reach registry 127.0.0.1:1: connection refused: is it running?");
    }

    @Test
    void unknownHostIsNamed() {
        assertThatThrownBy(() -> open(RegistrySettings.STANDARD, "registry.invalid", "app")
                        .manifest("v1"))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("cannot reach registry registry.invalid: no host of that name");
    }

    @Test
    void blobArrivesOnceAndIsHeld() {
        try (Lease lease = stores.leases.open()) {
            List<Long> reports = new ArrayList<>();
            Descriptor descriptor = new Descriptor("x", blobDigest, blob.length);
            assertThat(app().fetch(lease, descriptor, reports::add)).isTrue();
            assertThat(app().fetch(lease, descriptor, reports::add)).isFalse();
            assertThat(reports).isSorted().endsWith((long) blob.length);
            stores.content.collect();
            assertThat(stores.content.read(blobDigest, blob.length)).isEqualTo(blob);
        }
    }

    @Test
    void blobGoesOnWhereAnEarlierPullStopped() {
        try (var ingest = stores.content.ingest(blobDigest.toString())) {
            ingest.write(blob, 0, 1_000_000);
        }
        try (Lease lease = stores.leases.open()) {
            List<Long> reports = new ArrayList<>();
            app().fetch(lease, new Descriptor("x", blobDigest, blob.length), reports::add);
            assertThat(reports.getFirst()).isGreaterThan(1_000_000);
            assertThat(stores.content.read(blobDigest, blob.length)).isEqualTo(blob);
        }
    }

    @Test
    void wrongBytesOfAnEarlierPullAreFetchedAgain() {
        try (var ingest = stores.content.ingest(blobDigest.toString())) {
            ingest.write(new byte[1_000_000], 0, 1_000_000);
        }
        try (Lease lease = stores.leases.open()) {
            app().fetch(lease, new Descriptor("x", blobDigest, blob.length), _ -> {});
            assertThat(stores.content.read(blobDigest, blob.length)).isEqualTo(blob);
        }
    }

    @Test
    void defaultRegistryServesShortNames() {
        RegistrySettings settings = new RegistrySettings(registry.host(), Map.of(), Set.of());
        assertThat(open(settings, "docker.io", "library/app").manifest("v1").digest())
                .isEqualTo(manifestDigest);
        assertThat(open(settings, "docker.io", "library/official")
                        .manifest("v1")
                        .digest())
                .isEqualTo(manifestDigest);
        assertThatThrownBy(() -> open(settings, "docker.io", "library/nope").manifest("v1"))
                .hasMessage(registry.host() + "/nope:v1 not found");
    }

    @Test
    void mirrorIsAskedFirstAndItsFailureIsNoMatter() {
        RegistrySettings good =
                new RegistrySettings("docker.io", Map.of("quay.invalid", registry.host() + "/library"), Set.of());
        assertThat(open(good, "quay.invalid", "official").manifest("v1").digest())
                .isEqualTo(manifestDigest);

        RegistrySettings dead = new RegistrySettings("docker.io", Map.of(registry.host(), "127.0.0.1:1"), Set.of());
        assertThat(open(dead, registry.host(), "app").manifest("v1").digest()).isEqualTo(manifestDigest);
        assertThatThrownBy(() -> open(dead, registry.host(), "app").manifest("nope"))
                .hasMessage(registry.host() + "/app:nope not found");
    }

    @Test
    void anonymousTokenIsFetchedWhereTheRegistryDemandsOne(@TempDir Path other) throws Exception {
        List<String> queries = new ArrayList<>();
        HttpServer tokens = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        tokens.createContext("/token", exchange -> {
            queries.add(exchange.getRequestURI().getQuery());
            byte[] body = "{\"token\":\"secret\",\"expires_in\":300}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        tokens.start();
        String auth = "auth: {silly: {realm: \"http://127.0.0.1:%d/token\", service: test}}\n"
                .formatted(tokens.getAddress().getPort());
        try (LocalRegistry guarded = new LocalRegistry(other.resolve("registry"), auth)) {
            guarded.pushBlob("app", "{}".getBytes(StandardCharsets.UTF_8));
            guarded.pushBlob("app", blob);
            guarded.pushManifest("app", "v1", MANIFEST_TYPE, manifest);
            RemoteRepository repository = open(RegistrySettings.STANDARD, guarded.host(), "app");
            assertThat(repository.manifest("v1").bytes()).isEqualTo(manifest);
            try (Lease lease = stores.leases.open()) {
                assertThat(repository.fetch(lease, new Descriptor("x", blobDigest, blob.length), _ -> {}))
                        .isTrue();
            }
            assertThat(queries).containsExactly("service=test&scope=repository:app:pull");
        } finally {
            tokens.stop(0);
        }
    }
}
