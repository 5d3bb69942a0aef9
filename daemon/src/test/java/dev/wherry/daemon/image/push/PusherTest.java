package dev.wherry.daemon.image.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.image.AttestationDraft;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageDraft;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.IndexDraft;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.ManifestTrees;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.RegistryNames;
import dev.wherry.daemon.image.archive.RootfsImporter;
import dev.wherry.daemon.image.pull.PullProgress;
import dev.wherry.daemon.image.pull.Puller;
import dev.wherry.daemon.image.push.PushProgress.Phase;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.registry.LocalRegistry;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RegistrySettings;
import dev.wherry.daemon.registry.RemoteRepository;
import dev.wherry.daemon.registry.RepositoryName;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.Snapshotters;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pushes to docker-registry. */
class PusherTest {

    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    @TempDir
    static Path registryFolder;

    @TempDir
    Path folder;

    private static LocalRegistry registry;

    private PrivateStores stores;
    private Snapshotter snapshotter;
    private ImageStore images;
    private Registries registries;
    private Pusher pusher;

    @BeforeAll
    static void start() throws IOException {
        registry = new LocalRegistry(registryFolder);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @BeforeEach
    void open() {
        stores = new PrivateStores(folder.resolve("stores"));
        snapshotter = Snapshotters.open(stores);
        images = new ImageStore(stores.database, stores.content, snapshotter, stores.leases);
        registries = new Registries(RegistrySettings.STANDARD, stores.content, Duration.ofSeconds(10));
        pusher = new Pusher(
                registries,
                stores.content,
                new ManifestTrees(stores.database, stores.content, images),
                new RegistryNames(stores.database, new Events(stores.database)),
                snapshotter,
                new CompressedLayers(stores.database, stores.content, snapshotter),
                stores.leases);
    }

    private static byte[] tar(int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry("data");
            entry.setSize(size);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static Reference reference(String name) {
        return Reference.parse(registry.host() + "/" + name);
    }

    private Image made(Reference name, int size) throws IOException {
        return new RootfsImporter(images, snapshotter, stores.leases)
                .importImage(
                        new ByteArrayInputStream(tar(size)), Optional.of(name), config -> config, "", Platform.host());
    }

    private PushResult push(Reference name, PushProgress progress) {
        return pusher.push(name, Optional.empty(), RegistryLogins.NONE, progress);
    }

    /** The last phases of layers. */
    private static final class Phases implements PushProgress {
        private final Set<Phase> seen = ConcurrentHashMap.newKeySet();

        @Override
        public void layer(Digest layer, Phase phase, long currentBytes, long totalBytes, String from) {
            seen.add(phase);
        }
    }

    private Manifest remote(String repository, String selector) {
        byte[] bytes = registries
                .open(new RepositoryName(registry.host(), repository))
                .manifest(selector)
                .bytes();
        return CanonicalJson.read(bytes, Manifest.class, "the manifest");
    }

    @Test
    void imageMadeHereIsCompressedOnceAndComesBack() throws IOException {
        Reference name = reference("made:1");
        Image image = made(name, 1_500_000);
        Phases first = new Phases();
        PushResult pushed = push(name, first);
        assertThat(first.seen).contains(Phase.COMPRESSING, Phase.PUSHING, Phase.PUSHED);
        assertThat(remote("made", "1").layers())
                .extracting(Descriptor::mediaType)
                .containsExactly("application/vnd.oci.image.layer.v1.tar+gzip");

        Phases second = new Phases();
        assertThat(push(name, second).digest()).isEqualTo(pushed.digest());
        assertThat(second.seen).containsExactly(Phase.EXISTS);
        stores.content.collect();
        Reference other = reference("made:2");
        images.tag(name.toString(), other);
        Phases third = new Phases();
        assertThat(push(other, third).digest()).isEqualTo(pushed.digest());
        assertThat(third.seen).doesNotContain(Phase.COMPRESSING, Phase.PUSHING).contains(Phase.EXISTS);

        images.remove(name.toString(), true);
        images.remove(other.toString(), true);
        Image pulled = new Puller(registries, stores.content, images, snapshotter, stores.leases)
                .pull(name, Optional.empty(), PullProgress.NONE)
                .image();
        assertThat(pulled.id()).isEqualTo(image.id());
    }

    @Test
    void attestationIsAboutTheManifestThatIsPushed() throws IOException {
        Image image = made(reference("base:1"), 10_000);
        ImageDraft draft = ImageDraft.of(
                image.config(),
                image.snapshot(),
                List.of(snapshotter.diff(image.snapshot().orElseThrow())),
                Map.of(),
                Map.of());
        AttestationDraft attestation = new AttestationDraft(
                List.of(new AttestationDraft.Predicate("https://example.com/seen", Map.of("by", "a test"))));
        Reference name = reference("attested:1");
        images.commit(new IndexDraft(List.of(draft), List.of(attestation)), List.of(name), "build");

        PushResult pushed = push(name, new Phases());

        RemoteRepository remote = registries.open(new RepositoryName(registry.host(), "attested"));
        List<ImageIndex.Entry> entries = CanonicalJson.read(
                        remote.manifest(pushed.digest().toString()).bytes(), ImageIndex.class, "the index")
                .entries();
        Digest ofImage = entries.getFirst().digest();
        assertThat(remote("attested", ofImage.toString()).layers().getFirst().mediaType())
                .endsWith("+gzip");
        assertThat(entries.getLast().annotations()).containsEntry("vnd.docker.reference.digest", ofImage.toString());
        Manifest about = remote("attested", entries.getLast().digest().toString());
        try (Lease lease = stores.leases.open()) {
            Descriptor statement = about.layers().getFirst();
            remote.fetch(lease, statement, _ -> {});
            remote.fetch(lease, about.config(), _ -> {});
            JsonNode said = CanonicalJson.read(
                    stores.content.read(statement.digest(), 1 << 20), JsonNode.class, "the statement");
            assertThat(said.at("/subject/0/digest/sha256").asText()).isEqualTo(ofImage.hex());
            assertThat(said.at("/predicate/by").asText()).isEqualTo("a test");
            assertThat(new String(stores.content.read(about.config().digest(), 1 << 20), StandardCharsets.UTF_8))
                    .contains(statement.digest().toString());
        }
    }

    @Test
    void pushAfterPullKeepsTheManifestByteForByte() throws Exception {
        byte[] layer = gzip(tar(200_000));
        Digest diffId = Digest.sha256(tar(200_000));
        byte[] config = ("{ \"architecture\":\"amd64\",\"os\":\"linux\", \"unknown\":{\"a\":1},"
                        + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + diffId + "\"]}}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] manifest = """
                {"schemaVersion":2,   "mediaType":"%s", "extra":[1,2],
                 "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},
                 "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":%d,
                            "annotations":{"b":"c"}}]}
                """.formatted(
                        MANIFEST,
                        registry.pushBlob("foreign", config),
                        config.length,
                        registry.pushBlob("foreign", layer),
                        layer.length)
                .getBytes(StandardCharsets.UTF_8);
        Digest digest = registry.pushManifest("foreign", "1", MANIFEST, manifest);
        Reference source = reference("foreign:1");
        new Puller(registries, stores.content, images, snapshotter, stores.leases)
                .pull(source, List.of(Platform.parse("linux/amd64")), PullProgress.NONE);
        Reference target = reference("copy/of:1");
        images.tag(source.toString(), target);
        Phases phases = new Phases();
        assertThat(push(target, phases).digest()).isEqualTo(digest);
        assertThat(phases.seen).contains(Phase.MOUNTED).doesNotContain(Phase.PUSHING, Phase.COMPRESSING);
        assertThat(registries
                        .open(new RepositoryName(registry.host(), "copy/of"))
                        .manifest("1")
                        .bytes())
                .isEqualTo(manifest);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var gzip = new java.util.zip.GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void allTagsOfTheRepositoryAreFound() throws IOException {
        made(reference("many:1"), 10);
        made(reference("many:2"), 20);
        made(reference("many2:1"), 30);
        assertThat(pusher.tags(reference("many"))).containsExactly(reference("many:1"), reference("many:2"));
        assertThatThrownBy(() -> pusher.tags(reference("none"))).isInstanceOf(NotFoundException.class);
    }

    @Test
    void whatCannotBePushedIsSaid() throws IOException {
        made(reference("some:1"), 10);
        assertThatThrownBy(() -> push(reference("absent:1"), new Phases()))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("An image does not exist locally with the tag: " + registry.host() + "/absent");
        assertThatThrownBy(() -> push(reference("some@sha256:" + "a".repeat(64)), new Phases()))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> pusher.push(
                        reference("some:1"),
                        Optional.of(Platform.parse("linux/s390x")),
                        RegistryLogins.NONE,
                        new Phases()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("does not provide the specified platform");
    }
}
