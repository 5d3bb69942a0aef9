package dev.wherry.daemon.builder.cache.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.content.BlobProvider;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.metadata.Leases.Lease;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documents of a cache, written and read, and those that somebody made up. */
class CacheReaderTest {

    private static final Instant TIME = Instant.parse("2026-03-04T05:06:07.000000089Z");
    private static final Digest BASE = Digest.sha256("base");
    private static final Digest ONE = Digest.sha256("one");
    private static final Digest TWO = Digest.sha256("two");
    private static final Digest COPY = Digest.sha256("copy");

    @TempDir
    Path folder;

    private PrivateStores stores;
    private Lease lease;
    private final Map<Digest, byte[]> blobs = new HashMap<>();

    @BeforeEach
    void open() {
        stores = new PrivateStores(folder);
        lease = stores.leases.open();
    }

    private final BlobProvider source = (holder, blob, arrived) -> {
        byte[] bytes = blobs.get(blob.digest());
        if (bytes == null) {
            throw new NotFoundException("blob", blob.digest().toString());
        }
        holder.hold(() -> stores.content.put(bytes));
        return true;
    };

    private RemoteCaches read(byte[] manifest) {
        return new RemoteCaches(List.of(new CacheReader("c", source, stores.content, lease).read(manifest)));
    }

    private Descriptor store(String type, byte[] bytes) {
        blobs.put(Digest.sha256(bytes), bytes);
        return new Descriptor(type, Digest.sha256(bytes), bytes.length);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Digest layer(int number) {
        return Digest.sha256("layer " + number);
    }

    private static Map<Digest, Descriptor> gzipped(int layers) {
        Map<Digest, Descriptor> described = new HashMap<>();
        for (int i = 0; i < layers; i++) {
            described.put(
                    layer(i),
                    new Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", Digest.sha256("gzip " + i), 10 + i));
        }
        return described;
    }

    private static WrittenStep step(Digest key, List<Digest> parents, List<Digest> layers) {
        return new WrittenStep(
                key,
                parents,
                layers,
                Optional.of(Digest.sha256("definition")),
                TIME,
                Duration.ofMillis(7),
                Optional.of("{}"),
                key.equals(TWO) ? Map.of("some", Digest.sha256("content")) : Map.of());
    }

    /** Two stages: one copies from the other, whose files are not in the cache. */
    private static List<WrittenStep> steps() {
        return List.of(
                step(BASE, List.of(), List.of()),
                step(ONE, List.of(BASE), List.of(layer(0), layer(1))),
                step(TWO, List.of(BASE), List.of()),
                step(COPY, List.of(ONE, TWO), List.of(layer(0), layer(1), layer(2))));
    }

    @Test
    void whatIsWrittenIsRead() {
        for (boolean image : new boolean[] {true, false}) {
            CacheDocuments documents = CacheDocuments.of(steps(), gzipped(3));
            store(CacheConfig.MEDIA_TYPE, documents.config());

            RemoteCaches cache = read(documents.manifest(image, true, gzipped(3)));

            RemoteRecord copy = cache.find(COPY, () -> Optional.of(List.of(layer(0), layer(1))))
                    .orElseThrow();
            assertThat(copy.diffIds()).containsExactly(layer(0), layer(1), layer(2));
            assertThat(copy.layers().orElseThrow().getLast().blob().size()).isEqualTo(12);
            assertThat(copy.createdAt()).isEqualTo(TIME);
            assertThat(copy.duration()).isEqualTo(Duration.ofMillis(7));
            assertThat(copy.parents()).containsExactly(ONE, TWO);
            RemoteRecord two = cache.find(TWO, Optional::empty).orElseThrow();
            assertThat(two.layers()).isEmpty();
            assertThat(two.contents()).containsEntry("some", Digest.sha256("content"));
        }
    }

    @Test
    void layerOfAnotherRunOfTheParentIsNoHit() {
        CacheDocuments documents = CacheDocuments.of(steps(), gzipped(3));
        store(CacheConfig.MEDIA_TYPE, documents.config());

        RemoteCaches cache = read(documents.manifest(true, true, gzipped(3)));

        assertThat(cache.find(COPY, () -> Optional.of(List.of(layer(0), layer(9)))))
                .isEmpty();
        assertThat(cache.find(COPY, () -> Optional.of(List.of(layer(0))))).isEmpty();
        assertThat(cache.find(COPY, () -> Optional.of(List.of(layer(0), layer(1)))))
                .isPresent();
    }

    @Test
    void documentsHaveTheFormThatBuildKitReads() throws IOException {
        CacheDocuments documents = CacheDocuments.of(steps(), gzipped(3));
        JsonNode config = new ObjectMapper().readTree(documents.config());
        JsonNode index = new ObjectMapper().readTree(documents.manifest(false, true, gzipped(3)));

        assertThat(config.at("/layers/0/parent").asInt()).isEqualTo(-1);
        assertThat(config.at("/layers/2/parent").asInt()).isEqualTo(1);
        assertThat(config.at("/layers/2/blob").asText())
                .isEqualTo(Digest.sha256("gzip 2").toString());
        JsonNode copy = config.at("/records/3");
        assertThat(copy.path("digest").asText()).isEqualTo(COPY.toString());
        assertThat(copy.at("/layers/0/layer").asInt()).isEqualTo(2);
        assertThat(Instant.parse(copy.at("/layers/0/createdAt").asText())).isEqualTo(TIME);
        assertThat(copy.at("/inputs/0/0/link").asInt()).isEqualTo(1);
        assertThat(copy.at("/inputs/1/0/link").asInt()).isEqualTo(2);
        assertThat(index.at("/manifests/3/mediaType").asText()).isEqualTo(CacheConfig.MEDIA_TYPE);
        assertThat(index.at("/manifests/0/annotations")
                        .path(CacheConfig.DIFF_ID)
                        .asText())
                .isEqualTo(layer(0).toString());
    }

    @Test
    void largeConfigLeavesOutWhatOnlyExplainsMisses() {
        List<WrittenStep> steps = List.of(
                step(BASE, List.of(), List.of()),
                new WrittenStep(
                        ONE,
                        List.of(BASE),
                        List.of(layer(0)),
                        Optional.empty(),
                        TIME,
                        Duration.ZERO,
                        Optional.of("x".repeat(CacheDocuments.MAX_BUILDKIT)),
                        Map.of()));

        assertThat(CacheDocuments.of(steps, gzipped(1)).config()).hasSizeLessThan(CacheDocuments.MAX_BUILDKIT);
    }

    @Test
    void inlineCacheIsOfTheImageAndItsPlaces() {
        byte[] records = CacheDocuments.inline(steps(), List.of(layer(0), layer(1), layer(2)));
        String config =
                """
                {"rootfs": {"type": "layers", "diff_ids": ["%s", "%s", "%s"]}, "moby.buildkit.cache.v0": "%s"}""".formatted(layer(0), layer(1), layer(2), Base64.getEncoder().encodeToString(records));
        Descriptor described = store("application/vnd.oci.image.config.v1+json", utf8(config));
        Map<Digest, Descriptor> layers = gzipped(3);
        String manifest = """
                {"config": {"mediaType": "c", "digest": "%s", "size": %d}, "layers": [
                 {"mediaType": "l", "digest": "%s", "size": 10}, {"mediaType": "l", "digest": "%s", "size": 11},
                 {"mediaType": "l", "digest": "%s", "size": 12}]}""".formatted(
                        described.digest(),
                        described.size(),
                        layers.get(layer(0)).digest(),
                        layers.get(layer(1)).digest(),
                        layers.get(layer(2)).digest());

        RemoteCaches cache = read(utf8(manifest));

        assertThat(cache.find(ONE, Optional::empty).orElseThrow().diffIds()).containsExactly(layer(0), layer(1));
        assertThat(cache.find(COPY, Optional::empty).orElseThrow().diffIds())
                .containsExactly(layer(0), layer(1), layer(2));
    }

    @Test
    void imageWithoutACacheHasNoRecords() {
        Descriptor config = store("c", utf8("{\"rootfs\": {\"diff_ids\": [\"" + layer(0) + "\"]}}"));
        String manifest = "{\"config\": {\"mediaType\": \"c\", \"digest\": \"%s\", \"size\": %d}, \"layers\": [%s]}"
                .formatted(
                        config.digest(),
                        config.size(),
                        "{\"mediaType\": \"l\", \"digest\": \"" + layer(1) + "\", \"size\": 1}");

        assertThat(read(utf8(manifest)).records()).isEmpty();
    }

    private RemoteCaches readConfig(String config) {
        Descriptor described = store(CacheConfig.MEDIA_TYPE, utf8(config));
        Descriptor layer = gzipped(1).get(layer(0));
        return read(utf8("""
                {"config": {"mediaType": "%s", "digest": "%s", "size": %d}, "layers": [
                 {"mediaType": "l", "digest": "%s", "size": 10, "annotations": {"%s": "%s"}}]}""".formatted(
                        CacheConfig.MEDIA_TYPE,
                        described.digest(),
                        described.size(),
                        layer.digest(),
                        CacheConfig.DIFF_ID,
                        layer(0))));
    }

    @Test
    void madeUpConfigsAreRefused() {
        String blob = gzipped(1).get(layer(0)).digest().toString();
        String record = "\"records\": [{\"digest\": \"%s\", \"layers\": [{\"layer\": %d}]}]";
        String circle = "{\"layers\": [{\"blob\": \"%1$s\", \"parent\": 1}, {\"blob\": \"%1$s\"}], %2$s}";

        assertThatThrownBy(() -> readConfig(circle.formatted(blob, record.formatted(ONE, 0))))
                .isInstanceOf(CorruptContentException.class)
                .hasMessageContaining("circle");
        assertThatThrownBy(() -> readConfig("{\"layers\": [], " + record.formatted(ONE, 7) + "}"))
                .isInstanceOf(CorruptContentException.class)
                .hasMessageContaining("no layer 7");
        assertThatThrownBy(() -> readConfig("{\"layers\": [], " + record.formatted(ONE, -7) + "}"))
                .isInstanceOf(CorruptContentException.class);
        assertThatThrownBy(() ->
                        readConfig("{\"records\": [{\"digest\": \"" + ONE + "\", \"inputs\": [[{\"link\": 1}]]}]}"))
                .isInstanceOf(CorruptContentException.class)
                .hasMessageContaining("record 1");
        assertThatThrownBy(() -> readConfig("[".repeat(5000))).isInstanceOf(CorruptContentException.class);
        assertThatThrownBy(() -> readConfig("{\"records\": [{\"digest\": \"sha256:zz\"}]}"))
                .isInstanceOf(CorruptContentException.class);
        assertThatThrownBy(() -> readConfig("{\"records\": [" + "{},".repeat(CacheReader.MAX_ENTRIES) + "{}]}"))
                .isInstanceOf(ExhaustedException.class);
        assertThat(readConfig("{\"records\": [null, {}, {\"digest\": \"" + ONE + "\", \"layers\": null}]}")
                        .records())
                .hasSize(1);
    }

    @Test
    void recordThatLinksToItselfIsARecordLikeAnother() {
        RemoteCaches cache =
                readConfig("{\"records\": [{\"digest\": \"" + ONE + "\", \"inputs\": [[{\"link\": 0}]]}]}");

        assertThat(cache.find(ONE, Optional::empty).orElseThrow().layers()).isEmpty();
    }

    @Test
    void configThatIsTooLargeIsNotFetched() {
        String manifest = "{\"config\": {\"mediaType\": \"%s\", \"digest\": \"%s\", \"size\": %d}}"
                .formatted(CacheConfig.MEDIA_TYPE, ONE, CacheReader.MAX_CONFIG + 1L);

        assertThatThrownBy(() -> read(utf8(manifest))).isInstanceOf(ExhaustedException.class);
    }

    @Test
    void nonsenseTimesAreNone() {
        assertThat(RecordTimes.instant("0001-01-01T00:00:00Z")).isEqualTo(Instant.EPOCH);
        assertThat(RecordTimes.instant("+999999999-01-01T00:00:00Z")).isEqualTo(Instant.EPOCH);
        assertThat(RecordTimes.instant("soon")).isEqualTo(Instant.EPOCH);
        assertThat(RecordTimes.instant("2026-11-29T12:00:00+01:00")).isEqualTo(Instant.parse("2026-11-29T11:00:00Z"));
        assertThat(RecordTimes.duration(-1)).isZero();
        assertThat(RecordTimes.duration(Long.MAX_VALUE)).isLessThan(Duration.ofDays(31));
    }
}
