package dev.wherry.daemon.builder.cache.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.builder.cache.actions.ActionsAccess;
import dev.wherry.daemon.builder.cache.actions.ActionsService;
import dev.wherry.daemon.builder.cache.actions.ActionsServices;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.image.archive.LayerBlob;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RegistrySettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches in GitHub's cache service, of which there is a small one here. */
class ActionsCacheTest {

    private static final Digest STEP = Digest.sha256("step");
    private static final String CONFIG_KEYS =
            "index-buildkit-1-" + Digest.sha256("refs/heads/topic").hex().substring(0, 8) + "#";

    @TempDir
    Path folder;

    private ActionsServer server;
    private Machine here;
    private Machine there;

    @BeforeEach
    void start() throws IOException {
        server = new ActionsServer();
        here = new Machine("here");
        there = new Machine("there");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A machine that builds. */
    private final class Machine {
        final PrivateStores stores;
        final Lease lease;
        final ActionsServices services;

        Machine(String name) {
            stores = new PrivateStores(folder.resolve(name));
            lease = stores.leases.open();
            services = new ActionsServices(
                    new Registries(RegistrySettings.STANDARD, stores.content, Duration.ofSeconds(10)));
        }

        ActionsService open(String token, String scope) {
            return services.open(ActionsAccess.of(server.url(), token, scope));
        }

        /** Writes a cache of one step of one layer. */
        void write(byte[] layer) throws IOException {
            ActionsTarget target = new ActionsTarget(open(ActionsServer.TOKEN, ""), stores.content, lease);
            Map<Digest, Descriptor> blobs = Map.of(diffId(layer), descriptor(layer));
            WrittenStep step = new WrittenStep(
                    STEP,
                    List.of(),
                    List.of(diffId(layer)),
                    Optional.empty(),
                    Instant.EPOCH,
                    Duration.ZERO,
                    Optional.empty(),
                    Map.of());
            CacheDocuments documents = CacheDocuments.of(List.of(step), blobs);
            target.begin();
            target.layer(new LayerBlob(descriptor(layer), out -> out.write(layer)));
            target.config(documents.configDescriptor(), documents.config());
            byte[] manifest = documents.manifest(true, true, blobs);
            target.manifest(
                    new Descriptor(CacheDocuments.mediaType(true, true), Digest.sha256(manifest), manifest.length),
                    manifest);
        }

        RemoteRecord read() {
            ActionsCache cache = new ActionsCache(open(ActionsServer.TOKEN, ""), stores.content);
            RemoteCache records = new CacheReader("c", cache, stores.content, lease).readDescribed(cache.configs());
            return records.find(STEP).orElseThrow();
        }

        byte[] fetch(byte[] layer) {
            read().cache().blobs().fetch(lease, descriptor(layer), _ -> {});
            return stores.content.read(Digest.sha256(layer), 64 << 20);
        }
    }

    private static Digest diffId(byte[] layer) {
        return Digest.sha256("diff ID of " + layer.length);
    }

    private static Descriptor descriptor(byte[] layer) {
        return new Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", Digest.sha256(layer), layer.length);
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private long count(String request) {
        return server.requests.stream().filter(one -> one.startsWith(request)).count();
    }

    @Test
    void cacheIsReadBackAndLayersComeWhenTheyAreWanted() throws IOException {
        byte[] layer = bytes(1000);
        here.write(layer);
        assertThat(server.entries).containsOnlyKeys("buildkit-blob-1-" + Digest.sha256(layer), CONFIG_KEYS + "1");

        RemoteRecord record = there.read();
        assertThat(record.diffIds()).containsExactly(diffId(layer));
        assertThat(record.layers().orElseThrow().getFirst().blob()).isEqualTo(descriptor(layer));
        assertThat(count("GET")).as("the config alone").isEqualTo(1);
        assertThat(there.fetch(layer)).isEqualTo(layer);
        int before = server.requests.size();
        assertThat(record.cache().blobs().fetch(there.lease, descriptor(layer), _ -> {}))
                .isFalse();
        assertThat(server.requests).hasSize(before);
    }

    @Test
    void configDescribesItsLayersAsBuildKitDoes() throws IOException {
        byte[] layer = bytes(1000);
        here.write(layer);
        JsonNode config = new ObjectMapper().readTree(server.entries.get(CONFIG_KEYS + "1"));
        assertThat(config.at("/layers/0/blob").asText())
                .isEqualTo(Digest.sha256(layer).toString());
        assertThat(config.at("/layers/0/parent").asInt()).isEqualTo(-1);
        JsonNode annotations = config.at("/layers/0/annotations");
        assertThat(annotations.path("mediaType").asText()).isEqualTo("application/vnd.oci.image.layer.v1.tar+gzip");
        assertThat(annotations.path("diffID").asText()).isEqualTo(diffId(layer).toString());
        assertThat(annotations.path("size").asLong()).isEqualTo(1000);
    }

    @Test
    void secondWriteSendsNoLayerAndTakesThePlaceOfTheFirst() throws IOException {
        here.write(bytes(1000));
        long sent = count("PUT");
        there.write(bytes(1000));
        assertThat(count("PUT") - sent).as("the config's block and list").isEqualTo(2);
        here.write(bytes(1001));
        assertThat(server.entries).containsKeys(CONFIG_KEYS + "1", CONFIG_KEYS + "2", CONFIG_KEYS + "3");
        assertThat(there.read().diffIds()).containsExactly(diffId(bytes(1001)));
    }

    @Test
    void largeLayersGoInBlocks() throws IOException {
        byte[] layer = bytes((16 << 20) + 1);
        here.write(layer);
        assertThat(count("PUT /blob/0")).isEqualTo(4);
        assertThat(there.fetch(layer)).isEqualTo(layer);
    }

    @Test
    void troubleIsRetriedAndDownloadsGoOn() throws IOException {
        byte[] layer = bytes(100_000);
        server.busy = 2;
        here.write(layer);
        server.busy = 2;
        there.read();
        server.cuts = 1;
        ActionsCache cache = new ActionsCache(there.open(ActionsServer.TOKEN, ""), there.stores.content);
        cache.fetch(there.lease, descriptor(layer), _ -> {});
        assertThat(there.stores.content.read(Digest.sha256(layer), 1 << 20)).isEqualTo(layer);
        assertThat(count("from ")).isEqualTo(1);
    }

    @Test
    void whatAnotherBuildIsWritingIsPassedOver() throws IOException {
        byte[] layer = bytes(1000);
        server.reserve("buildkit-blob-1-" + Digest.sha256(layer));
        server.reserve(CONFIG_KEYS + "1");
        here.write(layer);
        assertThat(server.entries).containsOnlyKeys(CONFIG_KEYS + "2");
        assertThatThrownBy(() -> there.fetch(layer))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("no longer has the layer");
    }

    @Test
    void cacheOfTheBaseBranchIsReadToo() throws IOException {
        here.write(bytes(1000));
        byte[] config = server.entries.remove(CONFIG_KEYS + "1");
        String main =
                "index-buildkit-1-" + Digest.sha256("refs/heads/main").hex().substring(0, 8) + "#1";
        server.reserve(main);
        server.entries.put(main, config);
        assertThat(there.read().diffIds()).containsExactly(diffId(bytes(1000)));
    }

    @Test
    void scopesAreApart() throws IOException {
        here.write(bytes(1000));
        ActionsCache other = new ActionsCache(there.open(ActionsServer.TOKEN, "other"), there.stores.content);
        assertThatThrownBy(other::configs)
                .isInstanceOf(NotFoundException.class)
                .hasMessage("the GitHub Actions cache has none of scope \"other\" yet");
    }

    @Test
    void wrongBytesAreCorrupt() throws IOException {
        byte[] layer = bytes(1000);
        here.write(layer);
        String key = "buildkit-blob-1-" + Digest.sha256(layer);
        for (byte[] wrong : List.of(new byte[1000], bytes(1001))) {
            server.entries.replace(key, wrong);
            assertThatThrownBy(() -> there.fetch(layer)).isInstanceOf(CorruptContentException.class);
            assertThat(there.stores.content.contains(Digest.sha256(layer))).isFalse();
        }
        server.entries.replace(CONFIG_KEYS + "1", "{".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(there::read).isInstanceOf(CorruptContentException.class);
    }

    @Test
    void tokensAreCheckedAndNotShown() {
        String refused = ActionsServer.token("[{\"Scope\":\"x\",\"Permission\":3}]");
        assertThatThrownBy(() -> here.open(refused, "").find("k"))
                .isInstanceOf(DeniedException.class)
                .hasMessage("the GitHub Actions cache refuses the token: bad token");
        String expired = ActionsServer.token("[{\"Scope\":\"x\",\"Permission\":3}]", 1);
        assertThatThrownBy(() -> here.open(expired, "").find("k"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("the token of the GitHub Actions cache expired at 1970-01-01T00:00:01Z");
        for (String malformed : List.of("", "a.b.c", "plain text", ActionsServer.token("no list"))) {
            assertThatThrownBy(() -> ActionsAccess.of(server.url(), malformed, ""))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageNotContaining(malformed.isEmpty() ? "\n" : malformed);
        }
        String readOnly = ActionsServer.token("[{\"Scope\":\"x\",\"Permission\":1}]");
        assertThatThrownBy(() -> new ActionsTarget(here.open(readOnly, ""), here.stores.content, here.lease).begin())
                .isInstanceOf(DeniedException.class);
        ActionsAccess access = ActionsAccess.of(server.url(), ActionsServer.TOKEN, "");
        assertThat(new CacheSource.Actions(access) + " " + new CacheTarget.Place.Actions(access) + access.token())
                .doesNotContain(ActionsServer.TOKEN);
    }

    @Test
    void absentServiceIsNamedWithoutItsAddress() {
        server.close();
        assertThatThrownBy(() -> here.open(ActionsServer.TOKEN, "").find("k"))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("cannot reach the GitHub Actions cache: ");
        assertThatThrownBy(() -> ActionsAccess.of("ftp://host", ActionsServer.TOKEN, ""))
                .isInstanceOf(InvalidInputException.class);
    }
}
