package dev.wherry.daemon.image.pull;

import static dev.wherry.daemon.access.Callers.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.Zstd;
import com.sun.net.httpserver.HttpServer;
import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.access.Callers;
import dev.wherry.daemon.api.json.ImageJson;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageConfig.History;
import dev.wherry.daemon.image.ImageConfig.Rootfs;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.ManifestTree;
import dev.wherry.daemon.image.ManifestTrees;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.Tar;
import dev.wherry.daemon.image.compression.DecompressionTest;
import dev.wherry.daemon.image.pull.PullProgress.Phase;
import dev.wherry.daemon.registry.LocalRegistry;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RegistrySettings;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.Snapshotters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullerTest {

    private static final String GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";
    private static final List<byte[]> TARS = List.of(
            Tar.of(Map.of("a", "first")), Tar.of(Map.of("b", "second!")), Tar.of(Map.of("c", "x".repeat(90_000))));

    @TempDir
    static Path registryFolder;

    @TempDir
    Path folder;

    private static LocalRegistry registry;
    private static Digest amd64;
    private static Digest index;

    private PrivateStores stores;
    private Snapshotter snapshotter;
    private ImageStore images;
    private Puller puller;

    @BeforeAll
    static void push() throws Exception {
        registry = new LocalRegistry(registryFolder);
        List<byte[]> compressed = List.of(DecompressionTest.gzip(TARS.get(0)), Zstd.compress(TARS.get(1)), TARS.get(2));
        amd64 = pushImage("amd64", "amd64", compressed, diffIds());
        Digest arm = pushImage("arm", "arm", compressed.subList(0, 1), diffIds().subList(0, 1));
        String entry = "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":9,\"platform\":{\"os\":\"linux\","
                + "\"architecture\":\"%s\"}}";
        String json = "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s,%s]}"
                .formatted(
                        INDEX,
                        entry.formatted(MediaTypes.MANIFEST, arm, "arm"),
                        entry.formatted(MediaTypes.MANIFEST, amd64, "amd64"));
        index = registry.pushManifest("app", "multi", INDEX, json.getBytes(StandardCharsets.UTF_8));

        List<Digest> wrong = new ArrayList<>(diffIds());
        wrong.set(1, Digest.sha256("wrong"));
        pushImage("wrong-diff-id", "amd64", compressed, wrong);
        pushImage("too-few", "amd64", compressed, diffIds().subList(0, 2));
        byte[] whole = compressed.getFirst();
        pushImage(
                "cut",
                "amd64",
                List.of(compressed.get(2), Arrays.copyOf(whole, whole.length - 12)),
                List.of(diffIds().get(2), diffIds().getFirst()));
        // No writer of ours ends a stream so.
        byte[] longer = Arrays.copyOf(TARS.getFirst(), TARS.getFirst().length + 10_240);
        pushImage(
                "longer",
                "amd64",
                List.of(longer, whole),
                List.of(Digest.sha256(longer), diffIds().getFirst()));
        pushImage("newer", "amd64", compressed.subList(0, 2), diffIds().subList(0, 2));
    }

    private static List<Digest> diffIds() {
        return TARS.stream().map(Digest::sha256).toList();
    }

    private static Digest pushImage(String tag, String architecture, List<byte[]> layers, List<Digest> diffIds)
            throws Exception {
        List<History> history = List.of(new History(null, tag, null, null, null));
        byte[] config = CanonicalJson.write(new ImageConfig(
                "2026-01-01T00:00:00Z",
                null,
                architecture,
                null,
                "linux",
                null,
                null,
                new Rootfs("layers", diffIds),
                history));
        List<Descriptor> descriptors = new ArrayList<>();
        for (byte[] layer : layers) {
            descriptors.add(new Descriptor(GZIP, registry.pushBlob("app", layer), layer.length));
        }
        Descriptor configured = new Descriptor(MediaTypes.CONFIG, registry.pushBlob("app", config), config.length);
        return registry.pushManifest(
                "app",
                tag,
                MediaTypes.MANIFEST,
                CanonicalJson.write(new Manifest(MediaTypes.MANIFEST, configured, descriptors, java.util.Map.of())));
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @BeforeEach
    void open() {
        stores = new PrivateStores(folder);
        snapshotter = Snapshotters.open(stores);
        images = new ImageStore(stores.database, stores.content, snapshotter, stores.leases);
        Registries registries = new Registries(RegistrySettings.STANDARD, stores.content, Duration.ofSeconds(10));
        puller = new Puller(registries, stores.content, images, snapshotter, stores.leases);
    }

    private Reference app(String tag) {
        return Reference.parse(registry.host() + "/app:" + tag);
    }

    private PullResult pull(String tag) {
        return puller.pull(app(tag), Optional.of(Platform.parse("linux/amd64")), PullProgress.NONE);
    }

    @Test
    void pulledImageIsWholeAndStays() {
        PullResult result = pull("amd64");
        assertThat(result.upToDate()).isFalse();
        assertThat(result.digest()).isEqualTo(amd64);
        assertThat(result.image().manifest()).isEqualTo(amd64);
        assertThat(result.image().size()).isEqualTo("first".length() + "second!".length() + 90_000);
        stores.content.collect();
        snapshotter.collect();

        Image found = images.find(app("amd64")).orElseThrow();
        assertThat(found).isEqualTo(result.image());
        assertThat(snapshotter.chain(found.snapshot().orElseThrow()))
                .extracting(layer -> snapshotter.diff(layer).diffId())
                .isEqualTo(diffIds());
        Manifest manifest = CanonicalJson.read(stores.content.read(amd64, 1 << 20), Manifest.class, "the manifest");
        assertThat(manifest.layers()).allMatch(layer -> stores.content.contains(layer.digest()));
        assertThat(ImageJson.of(found, images.names(found)))
                .contains("\"RepoDigests\":[\"" + registry.host() + "/app@" + amd64 + "\"]");
    }

    @Test
    void removalTakesTheCompressedLayersToo() {
        PullResult result = pull("amd64");
        Manifest manifest = CanonicalJson.read(stores.content.read(amd64, 1 << 20), Manifest.class, "the manifest");
        images.remove(app("amd64").familiar(), false);
        assertThat(manifest.layers()).noneMatch(layer -> stores.content.contains(layer.digest()));
        assertThat(stores.content.contains(result.image().id())).isFalse();
    }

    @Test
    void severalPlatformsBecomeOneReference() {
        List<Platform> both = List.of(Platform.parse("linux/arm/v7"), Platform.parse("linux/amd64"));
        PullResult result = puller.pull(app("multi"), both, PullProgress.NONE);
        ManifestTrees trees = new ManifestTrees(stores.database, stores.content, images);
        ManifestTree tree = trees.find(app("multi")).orElseThrow();
        assertThat(result.digest()).isEqualTo(index);
        assertThat(tree.root().digest()).isEqualTo(index);
        assertThat(Digest.sha256(tree.bytes())).isEqualTo(index);
        assertThat(tree.images()).extracting(Image::platform).containsExactlyElementsOf(both);
        assertThat(images.list()).hasSize(1);
        assertThat(puller.pull(app("multi"), both, PullProgress.NONE).upToDate())
                .isTrue();
    }

    @Test
    void laterPlatformIsAddedToTheReference() {
        pull("multi");
        puller.pull(app("multi"), Optional.of(Platform.parse("linux/arm/v7")), PullProgress.NONE);
        assertThat(images.all(app("multi"))).hasSize(2);
        assertThat(images.resolve(app("multi").toString()).platform()).isEqualTo(Platform.parse("linux/amd64"));
    }

    @Test
    void platformIsChosenFromTheIndex() {
        PullResult result = pull("multi");
        assertThat(result.digest()).isEqualTo(index);
        assertThat(result.image().manifest()).isEqualTo(amd64);
        PullResult arm = puller.pull(app("multi"), Optional.of(Platform.parse("linux/arm/v7")), PullProgress.NONE);
        assertThat(arm.image().config().architecture()).isEqualTo("arm");
        assertThatThrownBy(
                        () -> puller.pull(app("multi"), Optional.of(Platform.parse("linux/s390x")), PullProgress.NONE))
                .isInstanceOf(NotFoundException.class)
                .hasMessage(app("multi") + " has no image for linux/s390x: only for linux/arm/v7, linux/amd64");
        assertThatThrownBy(() -> puller.pull(app("arm"), Optional.of(Platform.parse("linux/s390x")), PullProgress.NONE))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void nothingIsSaidOfAnImageThatIsNotThere() {
        Recorder recorder = new Recorder();
        assertThatThrownBy(() -> puller.pull(app("nosuch"), Optional.empty(), recorder))
                .isInstanceOf(NotFoundException.class);
        assertThat(recorder.messages).isEmpty();
    }

    @Test
    void foreignLayersAreRefused() throws Exception {
        Descriptor config = new Descriptor(MediaTypes.CONFIG, registry.pushBlob("app", new byte[] {'{', '}'}), 2);
        Descriptor foreign = new Descriptor(
                "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
                registry.pushBlob("app", TARS.getFirst()),
                TARS.getFirst().length);
        registry.pushManifest(
                "app",
                "foreign",
                MediaTypes.MANIFEST,
                CanonicalJson.write(new Manifest(MediaTypes.MANIFEST, config, List.of(foreign), Map.of())));
        assertThatThrownBy(() -> pull("foreign"))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("foreign layer " + foreign.digest().shortHex());
    }

    @Test
    void indexWithinAnIndexIsRefused() throws Exception {
        String nested =
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"mediaType\":\"%s\",\"digest\":\"%s\","
                        + "\"size\":9,\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}]}";
        registry.pushManifest(
                "app", "nested", INDEX, nested.formatted(INDEX, INDEX, index).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> pull("nested"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("has no image for linux/amd64: it is an index of further indexes");
    }

    /** Digests make it impossible, so a registry that serves one lies about some digest. */
    @Test
    void indexThatRefersToItselfIsRefused() throws Exception {
        Digest own = Digest.sha256("own");
        String entry =
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"mediaType\":\"%s\",\"digest\":\"%s\","
                        + "\"size\":9,\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}]}";
        byte[] document = entry.formatted(INDEX, MediaTypes.MANIFEST, own).getBytes(StandardCharsets.UTF_8);
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/app/manifests/", exchange -> {
            try (exchange) {
                requests.incrementAndGet();
                exchange.getResponseHeaders().set("Content-Type", INDEX);
                exchange.sendResponseHeaders(200, document.length);
                exchange.getResponseBody().write(document);
            }
        });
        server.start();
        try {
            Reference loop = Reference.parse("127.0.0.1:" + server.getAddress().getPort() + "/app:loop");
            assertThatThrownBy(() -> puller.pull(loop, Optional.empty(), PullProgress.NONE))
                    .isInstanceOf(CorruptContentException.class)
                    .hasMessageContaining(own.toString());
        } finally {
            server.stop(0);
        }
        assertThat(requests).hasValue(2);
        assertThat(images.list()).isEmpty();
        assertThat(stores.content.collect()).isZero();
    }

    /** What an index says of an entry is not believed: two indexes that call each other manifests end at the second. */
    @Test
    void indexThatIsListedAsManifestIsRefused() throws Exception {
        String entry =
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"mediaType\":\"%s\",\"digest\":\"%s\","
                        + "\"size\":9,\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}]}";
        registry.pushManifest(
                "app",
                "disguised",
                INDEX,
                entry.formatted(INDEX, MediaTypes.MANIFEST, index).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> pull("disguised"))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("its manifest is of type \"" + INDEX + "\"");
        assertThat(images.list()).isEmpty();
    }

    @Test
    void tagsOfTheRepositoryAreListed() {
        assertThat(puller.tags(app("amd64"), RegistryLogins.NONE)).contains(app("amd64"), app("arm"), app("multi"));
    }

    @Test
    void pullsAreOfRepositoriesThatTheCallerMaySee() {
        assertThat(failure(Callers.puller(registry.host() + "/app"), () -> pull("amd64")))
                .isNull();
        assertThat(failure(Callers.puller(registry.host() + "/other"), () -> pull("amd64")))
                .isInstanceOf(ForbiddenException.class);
        assertThat(failure(
                        Callers.puller(registry.host() + "/other"), () -> puller.tags(app("x"), RegistryLogins.NONE)))
                .isInstanceOf(ForbiddenException.class);
    }

    @Test
    void pullByDigestIsFoundByDigest() {
        Reference byDigest = app("amd64").withDigest(amd64);
        PullResult result = puller.pull(byDigest, Optional.empty(), PullProgress.NONE);
        assertThat(result.reference()).isEqualTo(byDigest);
        assertThat(images.resolve(byDigest.toString())).isEqualTo(result.image());
        assertThat(images.find(app("amd64"))).isEmpty();
    }

    @Test
    void secondPullIsUpToDateAndFetchesNothing() {
        pull("amd64");
        Recorder recorder = new Recorder();
        PullResult again = puller.pull(app("amd64"), Optional.empty(), recorder);
        assertThat(again.upToDate()).isTrue();
        assertThat(recorder.phases).isEmpty();
    }

    @Test
    void layersThatAreHereAreNotFetched() {
        pull("newer");
        Recorder recorder = new Recorder();
        puller.pull(app("amd64"), Optional.empty(), recorder);
        assertThat(recorder.phases.stream().filter(Phase.EXISTS::equals)).hasSize(2);
        assertThat(recorder.phases).endsWith(Phase.DONE);
        assertThat(recorder.phases.stream().filter(Phase.DONE::equals)).hasSize(1);
        assertThat(recorder.messages).first().isEqualTo("amd64: Pulling from app");
    }

    @Test
    void layersWhoseFilesAloneAreHereCanBeGivenToOthers() {
        pull("longer");
        images.remove(app("longer").familiar(), false);
        Image image = pull("longer").image();
        Manifest manifest = CanonicalJson.read(stores.content.read(image.manifest(), 1 << 20), Manifest.class, "it");
        List<SnapshotId> layers = snapshotter.chain(image.snapshot().orElseThrow());
        assertThat(snapshotter.givesStream(layers.getFirst())).isFalse();
        assertThat(stores.content.contains(manifest.layers().getFirst().digest()))
                .isTrue();
        assertThat(snapshotter.givesStream(layers.getLast())
                        || stores.content.contains(manifest.layers().getLast().digest()))
                .isTrue();
    }

    @Test
    void damagedImagesLeaveTheStoreAsItWas() {
        for (String tag : List.of("wrong-diff-id", "too-few", "cut")) {
            assertThatThrownBy(() -> pull(tag)).as(tag).isInstanceOf(CorruptContentException.class);
        }
        assertThat(images.list()).isEmpty();
        stores.content.collect();
        snapshotter.collect();
        assertThat(pull("amd64").image().snapshot()).isPresent();
    }

    @Test
    void pullsOfTheSameImageAreOne() throws Exception {
        Callable<PullResult> pull = () -> pull("amd64");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Image> results = new ArrayList<>();
            for (Future<PullResult> result : threads.invokeAll(Collections.nCopies(8, pull))) {
                results.add(result.get().image());
            }
            assertThat(results)
                    .hasSize(8)
                    .containsOnly(images.resolve(app("amd64").toString()));
        }
        assertThat(images.list()).hasSize(1);
    }

    @Test
    void pullGoesOnUntilItsLastCallerGivesUp() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                requests.incrementAndGet();
                asked.countDown();
                try (exchange) {
                    mayAnswer.await();
                    exchange.sendResponseHeaders(404, -1);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            });
            server.start();
            Reference slow = Reference.parse("127.0.0.1:" + server.getAddress().getPort() + "/slow");
            Recorder second = new Recorder();
            Future<?> first = threads.submit(() -> puller.pull(slow, Optional.empty(), PullProgress.NONE));
            asked.await();
            Future<?> other = threads.submit(() -> puller.pull(slow, Optional.empty(), second));
            await().until(() -> puller.callers(slow) == 2);

            first.cancel(true);
            await().until(() -> puller.callers(slow) == 1);
            mayAnswer.countDown();
            assertThatThrownBy(other::get).hasCauseInstanceOf(NotFoundException.class);
            assertThat(requests).hasValue(1);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void interruptedPullEndsAtOnce() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Reference never = Reference.parse("127.0.0.1:" + silent.getLocalPort() + "/never");
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Future<?> pull = threads.submit(() -> {
                try {
                    puller.pull(never, Optional.empty(), PullProgress.NONE);
                } catch (Throwable failure) {
                    thrown.complete(failure);
                }
            });
            silent.accept();
            pull.cancel(true);
            assertThat(thrown.get(5, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
            await().atMost(Duration.ofSeconds(5)).until(() -> puller.callers(never) == 0);
        }
    }

    private static final class Recorder implements PullProgress {

        private final List<String> messages = new ArrayList<>();
        private final List<Phase> phases = new ArrayList<>();

        @Override
        public void message(String line) {
            messages.add(line);
        }

        @Override
        public void layer(Digest layer, Phase phase, long currentBytes, long totalBytes) {
            phases.add(phase);
        }
    }
}
