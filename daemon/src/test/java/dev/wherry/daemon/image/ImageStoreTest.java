package dev.wherry.daemon.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.access.Callers;
import dev.wherry.daemon.api.json.ImageJson;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.RemovedItem.Deleted;
import dev.wherry.daemon.image.RemovedItem.Untagged;
import dev.wherry.daemon.image.archive.RootfsImporter;
import dev.wherry.daemon.image.compression.DecompressionTest;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.snapshot.LayerDiff;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.Snapshotters;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {

    private static final Platform AMD64 = Platform.parse("linux/amd64");

    @TempDir
    Path folder;

    private PrivateStores stores;
    private Snapshotter snapshotter;
    private ImageStore images;
    private RootfsImporter importer;

    @BeforeEach
    void open() {
        stores = new PrivateStores(folder);
        snapshotter = Snapshotters.open(stores);
        images = new ImageStore(stores.database, stores.content, snapshotter, stores.leases);
        importer = new RootfsImporter(images, snapshotter, stores.leases);
    }

    /** What removed images leave is cleared away in the background. */
    @AfterEach
    void clear() {
        await().ignoreExceptions().untilAsserted(() -> {
            FileTrees.remove(stores.layout.root());
            assertThat(stores.layout.root()).doesNotExist();
        });
    }

    private Image add(String text, String... names) {
        byte[] tar = Tar.of(Map.of("file", text));
        Image image =
                importer.importImage(new ByteArrayInputStream(tar), Optional.empty(), config -> config, "", AMD64);
        for (String name : names) {
            images.tag(image.id().toString(), Reference.parse(name));
        }
        return image;
    }

    private void container(String id, Image image, String state) {
        stores.execute(
                "INSERT INTO container (id, name, image, image_name, state, config, created_at) VALUES ('%s', '%s',"
                                .formatted(id, id)
                        + " '%s', 'x', '%s', '{}', 0)".formatted(image.id(), state));
    }

    @Test
    void ancestorsOfAContainerAreItsImageAndThoseThatItIsBuiltOn() throws Exception {
        Image base = add("one", "base");
        Image built = onTopOf(base, "two");
        Image other = add("three", "other");
        Ancestors ancestors = new Ancestors(images, List.of("base", "gone"));

        assertThat(ancestors.include(base.id(), "base")).isTrue();
        assertThat(ancestors.include(built.id(), "app")).isTrue();
        assertThat(ancestors.include(other.id(), "other")).isFalse();
        assertThat(ancestors.include(other.id(), "gone")).isTrue();
        assertThat(new Ancestors(images, List.of(built.id().hex().substring(0, 12))).include(base.id(), "base"))
                .isFalse();
    }

    private Image onTopOf(Image base, String text) throws IOException {
        try (Leases.Lease lease = stores.leases.open()) {
            SnapshotId top = snapshotter.prepare(lease, base.snapshot());
            Files.writeString(snapshotter.folder(top).resolve("more"), text);
            snapshotter.commit(top);
            List<LayerDiff> layers = List.of(snapshotter.diff(base.snapshot().orElseThrow()), snapshotter.diff(top));
            return images.commit(base.config(), Optional.of(top), layers, List.of());
        }
    }

    @Test
    void importedImageIsFoundByEveryName() {
        Image image = add("one", "node");
        String hex = image.id().hex();
        for (String name : List.of(
                "node",
                "node:latest",
                "docker.io/library/node",
                hex,
                "sha256:" + hex,
                hex.substring(0, 4),
                "sha256:" + hex.substring(0, 12))) {
            assertThat(images.resolve(name)).as(name).isEqualTo(image);
        }
        assertThat(images.find(Reference.parse("node"))).contains(image);
        assertThat(images.find(Reference.parse("node:22"))).isEmpty();
    }

    @Test
    void anotherLifeOfTheDaemonFindsTheSameImage() {
        Image image = add("one", "node");
        PrivateStores again = new PrivateStores(folder);
        ImageStore next = new ImageStore(again.database, again.content, Snapshotters.open(again), again.leases);
        assertThat(next.resolve("node")).isEqualTo(image);
    }

    @Test
    void unknownAndMalformedNamesAreToldApart() {
        assertThatThrownBy(() -> images.resolve("nope"))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("no such image: nope");
        assertThatThrownBy(() -> images.resolve("0123abcd")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> images.resolve("ab".repeat(32))).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> images.resolve("No Such")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void ambiguousBeginningIsRefused() {
        for (String last : List.of("0", "1")) {
            Digest id = new Digest("sha256", "abcd" + "0".repeat(59) + last);
            stores.execute("INSERT INTO image VALUES ('%s', '%s', NULL, 0, 0, 0)".formatted(id, id));
        }
        assertThatThrownBy(() -> images.resolve("abcd"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("several images");
    }

    @Test
    void imageOfAnotherLifeIsFoundByTheDigestItWasPulledBy() {
        Image image = add("one");
        Digest digest = Digest.sha256("index");
        stores.execute("INSERT INTO reference (name, image, digest) VALUES ('docker.io/library/node:22', '%s', '%s')"
                .formatted(image.id(), digest));
        assertThat(images.resolve("node@" + digest)).isEqualTo(image);
        assertThat(images.resolve("node:other@" + digest)).isEqualTo(image);
        assertThatThrownBy(() -> images.resolve("other@" + digest)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void tagMovesAndTheOldImageStaysDangling() {
        Image one = add("one", "node");
        Image two = add("two", "node");
        assertThat(images.resolve("node")).isEqualTo(two);
        assertThat(images.list())
                .extracting(ImageSummary::image, summary -> summary.references().size())
                .containsExactlyInAnyOrder(tuple(one, 0), tuple(two, 1));
        stores.content.collect();
        snapshotter.collect();
        assertThat(images.resolve(one.id().hex())).isEqualTo(one);
        assertThat(images.history(one)).hasSize(1);
    }

    @Test
    void tagWithADigestIsRefused() {
        Image image = add("one");
        assertThatThrownBy(() -> images.tag(image.id().toString(), Reference.parse("a@" + image.id())))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void lastReferenceTakesTheImageAndItsDataAlong() {
        Image image = add("one", "a", "b");
        assertThat(images.remove("a", false)).containsExactly(new Untagged("a:latest"));
        assertThat(images.resolve("b")).isEqualTo(image);
        assertThat(images.remove("b", false)).containsExactly(new Untagged("b:latest"), new Deleted(image.id()));
        assertThat(images.list()).isEmpty();
        assertThat(stores.content.contains(image.id())).isFalse();
        assertThat(stores.content.contains(image.manifest())).isFalse();
        // Files are removed in the background; this removes what is left of them, or waits until they are gone.
        snapshotter.collect();
        assertThat(stores.layout.snapshots()).isEmptyDirectory();
    }

    @Test
    void idTakesAllReferencesOfOneRepositoryButNotOfSeveral() {
        Image image = add("one", "a:1", "a:2");
        images.tag(image.id().toString(), Reference.parse("b"));
        String id = image.id().shortHex();
        assertThatThrownBy(() -> images.remove(id, false))
                .isInstanceOf(ConflictException.class)
                .hasMessage("conflict: unable to remove " + id
                        + ": several repositories refer to it: name one of its references, or use -f");
        images.remove("b", false);
        assertThat(images.remove(id, false))
                .containsExactly(new Untagged("a:1"), new Untagged("a:2"), new Deleted(image.id()));
    }

    @Test
    void imageOfAContainerNeedsForce() {
        Image image = add("one", "a");
        container("0123456789abcdef", image, "exited");
        assertThatThrownBy(() -> images.remove("a", false))
                .isInstanceOf(ConflictException.class)
                .hasMessage("conflict: unable to remove a: container 0123456789ab is using it: stop and remove it, or"
                        + " use -f");
        assertThat(images.remove("a", true)).containsExactly(new Untagged("a:latest"), new Deleted(image.id()));
    }

    @Test
    void imageOfARunningContainerStays() {
        Image image = add("one", "a");
        container("0123456789abcdef", image, "running");
        assertThatThrownBy(() -> images.remove(image.id().hex(), true))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("0123456789ab is running from it");
        assertThat(images.remove("a", true)).containsExactly(new Untagged("a:latest"));
        assertThat(images.resolve(image.id().hex())).isEqualTo(image);
    }

    @Test
    void oneOfSeveralReferencesGoesWhateverRuns() {
        Image image = add("one", "a", "b");
        container("0123456789abcdef", image, "running");
        assertThat(images.remove("a", false)).containsExactly(new Untagged("a:latest"));
    }

    @Test
    void importRecordsWhatItWasGiven() throws Exception {
        byte[] tar = Tar.of(Map.of("file", "12345"));
        Image image = importer.importImage(
                new ByteArrayInputStream(DecompressionTest.gzip(tar)),
                Optional.of(Reference.parse("base")),
                config -> new ImageConfig(
                        config.created(),
                        "me",
                        config.architecture(),
                        config.variant(),
                        config.os(),
                        null,
                        config.config(),
                        null,
                        config.history()),
                "from a tar",
                Platform.parse("linux/arm/v6"));
        assertThat(image.size()).isEqualTo(5);
        assertThat(image.config().author()).isEqualTo("me");

        JsonNode json = new ObjectMapper().readTree(ImageJson.of(image, images.names(image)));
        assertThat(json.get("Id").asText()).isEqualTo(image.id().toString());
        assertThat(json.get("RepoTags")).hasToString("[\"base:latest\"]");
        assertThat(json.get("RepoDigests")).isEmpty();
        assertThat(json.get("Comment").asText()).isEqualTo("from a tar");
        assertThat(json.get("Architecture").asText()).isEqualTo("arm");
        assertThat(json.get("Variant").asText()).isEqualTo("v6");
        assertThat(json.get("Size").asLong()).isEqualTo(5);
        assertThat(json.get("RootFS").get("Layers")).hasSize(1);
        assertThat(json.get("Config").get("WorkingDir").asText()).isEmpty();
        assertThat(json.fieldNames()).toIterable().startsWith("Id", "RepoTags", "RepoDigests", "Parent");

        assertThat(images.history(image)).singleElement().satisfies(entry -> {
            assertThat(entry.imageId()).contains(image.id());
            assertThat(entry.size()).isEqualTo(5);
            assertThat(entry.comment()).isEqualTo("from a tar");
        });
    }

    @Test
    void manifestDescribesTheLayerUncompressed() {
        Image image = add("one");
        Manifest manifest =
                CanonicalJson.read(stores.content.read(image.manifest(), 1 << 20), Manifest.class, "the manifest");
        assertThat(manifest.config().digest()).isEqualTo(image.id());
        assertThat(manifest.layers())
                .singleElement()
                .satisfies(layer -> assertThat(layer.digest())
                        .isEqualTo(image.config().rootfs().diffIds().getFirst()));
    }

    @Test
    void emptyOrDamagedArchiveLeavesNothing() throws Exception {
        byte[] gzip = DecompressionTest.gzip(Tar.of(Map.of("file", "x".repeat(5000))));
        for (byte[] bad : List.of(new byte[0], java.util.Arrays.copyOf(gzip, gzip.length - 10))) {
            assertThatThrownBy(() -> importer.importImage(
                            new ByteArrayInputStream(bad),
                            Optional.of(Reference.parse("bad")),
                            config -> config,
                            "",
                            AMD64))
                    .isInstanceOf(dev.wherry.daemon.error.WherryException.class)
                    .hasMessageStartingWith("the archive is ");
        }
        assertThat(images.list()).isEmpty();
        assertThat(snapshotter.collect()).isZero();
    }

    @Test
    void historyGivesSizesToTheStepsThatMadeLayers() {
        Image base = add("12345");
        var layer = snapshotter.diff(base.snapshot().orElseThrow());
        ImageConfig config = base.config();
        List<ImageConfig.History> steps = List.of(
                new ImageConfig.History("2026-01-01T00:00:00Z", "COPY . .", null, null, null),
                new ImageConfig.History("2026-01-02T00:00:00Z", "CMD x", null, "why", true));
        ImageConfig made = new ImageConfig(
                "2026-01-02T00:00:00Z", null, config.architecture(), null, "linux", null, null, null, steps);
        Image image = images.commit(made, base.snapshot(), List.of(layer), List.of(Reference.parse("made")));
        assertThat(images.history(image))
                .extracting(HistoryEntry::createdBy, HistoryEntry::size, HistoryEntry::emptyLayer)
                .containsExactly(tuple("CMD x", 0L, true), tuple("COPY . .", 5L, false));
        assertThat(images.list().getFirst().created()).isNotNull();
        assertThat(images.commit(made, base.snapshot(), List.of(layer), List.of())
                        .id())
                .as("the same config again")
                .isEqualTo(image.id());
    }

    @Test
    void imageWithoutLayersCanBeStored() {
        ImageConfig config = new ImageConfig(null, null, "amd64", null, "linux", null, null, null, List.of());
        Image image = images.commit(config, Optional.empty(), List.of(), List.of(Reference.parse("empty")));
        assertThat(images.resolve("empty")).isEqualTo(image);
        assertThat(image.snapshot()).isEmpty();
    }

    @Test
    void builderNamesAndRemovesImagesOfTheirRepositoriesOnly() {
        Image image = add("one", "example.com/other/app", "example.com/team/base");
        Caller builder = Callers.builder("example.com/team");

        assertThat(Callers.failure(builder, () -> images.tag("example.com/team/base", Reference.parse("app"))))
                .isInstanceOf(ForbiddenException.class);
        assertThat(Callers.failure(builder, () -> images.remove("example.com/other/app", true)))
                .isInstanceOf(ForbiddenException.class);
        assertThat(Callers.failure(builder, () -> images.remove(image.id().toString(), true)))
                .isInstanceOf(ForbiddenException.class);
        assertThat(Callers.failure(
                        builder,
                        () -> importer.importImage(
                                new ByteArrayInputStream(Tar.of(Map.of("file", "two"))),
                                Optional.of(Reference.parse("example.com/other/app")),
                                config -> config,
                                "",
                                AMD64)))
                .isInstanceOf(ForbiddenException.class);

        builder.run(() -> images.tag("example.com/other/app", Reference.parse("example.com/team/app")));
        builder.run(() -> images.remove("example.com/team/app", false));
        assertThat(images.resolve("example.com/other/app").id()).isEqualTo(image.id());
    }
}
