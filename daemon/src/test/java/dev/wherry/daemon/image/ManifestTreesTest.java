package dev.wherry.daemon.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.ManifestTree.Kind;
import dev.wherry.daemon.image.ManifestTree.Member;
import dev.wherry.daemon.image.RemovedItem.Deleted;
import dev.wherry.daemon.image.RemovedItem.Untagged;
import dev.wherry.daemon.image.archive.RootfsImporter;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.Snapshotters;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTreesTest {

    private static final Platform HOST = Platform.host();
    private static final Platform S390X = Platform.parse("linux/s390x");
    private static final Platform PPC64LE = Platform.parse("linux/ppc64le");
    private static final Reference APP = Reference.parse("app");

    @TempDir
    Path folder;

    private PrivateStores stores;
    private ImageStore images;
    private ManifestTrees trees;
    private RootfsImporter importer;

    @BeforeEach
    void open() {
        stores = new PrivateStores(folder);
        Snapshotter snapshotter = Snapshotters.open(stores);
        images = new ImageStore(stores.database, stores.content, snapshotter, stores.leases);
        trees = new ManifestTrees(stores.database, stores.content, images);
        importer = new RootfsImporter(images, snapshotter, stores.leases);
    }

    @AfterEach
    void clear() {
        await().ignoreExceptions().untilAsserted(() -> {
            FileTrees.remove(stores.layout.root());
            assertThat(stores.layout.root()).doesNotExist();
        });
    }

    private Image image(Platform platform) {
        byte[] tar = Tar.of(Map.of("file", platform.toString()));
        return importer.importImage(new ByteArrayInputStream(tar), Optional.empty(), config -> config, "", platform);
    }

    private ImageIndex.Entry entry(Image image) {
        int size = stores.content.read(image.manifest(), 1 << 20).length;
        return new ImageIndex.Entry(MediaTypes.MANIFEST, image.manifest(), size, image.platform(), null);
    }

    private Image store(List<ImageIndex.Entry> entries, List<TreeDraft.Part> parts, Reference... references) {
        try (Lease lease = stores.leases.open()) {
            byte[] bytes = CanonicalJson.write(new ImageIndex(2, MediaTypes.INDEX, entries));
            Digest digest = lease.hold(() -> stores.content.put(bytes));
            Descriptor root = new Descriptor(MediaTypes.INDEX, digest, bytes.length);
            return images.store(new TreeDraft(root, parts), List.of(references), Optional.of(digest));
        }
    }

    private static TreeDraft.Part part(Image image) {
        return new TreeDraft.Part(image.manifest(), Optional.of(image), List.of(image.id(), image.manifest()));
    }

    /** An index of images for these platforms, all of them here. */
    private List<Image> app(Platform... platforms) {
        List<Image> all = new ArrayList<>();
        for (Platform platform : platforms) {
            all.add(image(platform));
        }
        store(
                all.stream().map(this::entry).toList(),
                all.stream().map(ManifestTreesTest::part).toList(),
                APP);
        return all;
    }

    @Test
    void referenceStandsForTheImageOfEachPlatform() {
        List<Image> all = app(S390X, HOST);
        assertThat(images.resolve("app")).isEqualTo(all.get(1));
        assertThat(images.resolve("app", S390X)).isEqualTo(all.get(0));
        assertThat(images.resolve("app", HOST)).isEqualTo(all.get(1));
        assertThat(images.find(APP, S390X)).contains(all.get(0));
        assertThatThrownBy(() -> images.resolve("app", PPC64LE))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("image with reference app was found but does not provide the specified platform"
                        + " (linux/ppc64le)");
    }

    @Test
    void referenceWithoutAnImageForThisHostStandsForTheFirst() {
        List<Image> all = app(S390X, PPC64LE);
        assertThat(images.resolve("app")).isIn(all);
        assertThat(images.list()).hasSize(1);
    }

    @Test
    void imagesOfATreeAreListedOnce() {
        List<Image> all = app(S390X, HOST);
        assertThat(images.list())
                .extracting(ImageSummary::image, ImageSummary::references)
                .containsExactly(tuple(all.get(1), List.of(APP)));
    }

    @Test
    void treeShowsWhatTheIndexListsAndWhatIsHere() {
        Image host = image(HOST);
        Image absent = image(PPC64LE);
        byte[] statement = "{}".getBytes(StandardCharsets.UTF_8);
        try (Lease lease = stores.leases.open()) {
            Digest attestation = lease.hold(() -> stores.content.put(statement));
            ImageIndex.Entry attesting = new ImageIndex.Entry(
                    MediaTypes.MANIFEST,
                    attestation,
                    statement.length,
                    new Platform("unknown", "unknown", null),
                    Map.of(
                            ImageIndex.Entry.REFERENCE_TYPE,
                            ImageIndex.Entry.ATTESTATION,
                            ImageIndex.Entry.SUBJECT_DIGEST,
                            host.manifest().toString()));
            ImageIndex.Entry chart = new ImageIndex.Entry("application/x.chart", host.id(), 1, null, null);
            store(
                    List.of(entry(host), entry(absent), attesting, chart),
                    List.of(part(host), new TreeDraft.Part(attestation, Optional.empty(), List.of(attestation))),
                    APP);
        }
        stores.content.collect();

        ManifestTree tree = trees.of("app");
        assertThat(tree.isIndex()).isTrue();
        assertThat(tree.isComplete()).isFalse();
        assertThat(tree.members())
                .extracting(Member::kind, Member::here, Member::image)
                .containsExactly(
                        tuple(Kind.IMAGE, true, Optional.of(host)),
                        tuple(Kind.IMAGE, false, Optional.empty()),
                        tuple(Kind.ATTESTATION, true, Optional.empty()),
                        tuple(Kind.OTHER, false, Optional.empty()));
        assertThat(tree.members().get(2).subject()).contains(host.manifest());
        assertThat(Digest.sha256(tree.bytes())).isEqualTo(tree.root().digest());
        assertThat(stores.content.read(tree.members().get(2).entry().digest(), 10))
                .isEqualTo(statement);
        assertThat(trees.find(Reference.parse("nope"))).isEmpty();
    }

    @Test
    void imageOfItsOwnIsATreeOfOneManifest() {
        Image image = image(HOST);
        images.tag(image.id().toString(), APP);
        ManifestTree tree = trees.of("app");
        assertThat(tree.root().digest()).isEqualTo(image.manifest());
        assertThat(tree.root().mediaType()).isEqualTo(MediaTypes.MANIFEST);
        assertThat(tree.isIndex()).isFalse();
        assertThat(tree.isComplete()).isTrue();
        assertThat(tree.images()).containsExactly(image);
    }

    @Test
    void laterPartIsAddedToTheTree() {
        Image host = image(HOST);
        Image other = image(S390X);
        List<ImageIndex.Entry> entries = List.of(entry(other), entry(host));
        assertThat(store(entries, List.of(part(other)), APP)).isEqualTo(other);
        assertThat(images.resolve("app")).isEqualTo(other);
        assertThat(store(entries, List.of(part(host)), APP)).isEqualTo(host);
        assertThat(images.resolve("app")).isEqualTo(host);
        assertThat(trees.of("app").images()).containsExactly(other, host);
    }

    @Test
    void tagStandsForTheWholeTree() {
        List<Image> all = app(S390X, HOST);
        images.tag("app", Reference.parse("second"));
        images.tag(all.get(1).id().toString(), Reference.parse("third"));
        assertThat(images.remove("app", false)).containsExactly(new Untagged("app:latest"));
        for (String name : List.of("second", "third")) {
            assertThat(images.resolve(name, S390X)).isEqualTo(all.get(0));
        }
    }

    @Test
    void lastReferenceTakesTheImagesOfAllPlatformsWithIt() {
        List<Image> all = app(S390X, HOST);
        assertThat(images.remove("app", false))
                .containsExactlyInAnyOrder(
                        new Untagged("app:latest"),
                        new Deleted(all.get(0).id()),
                        new Deleted(all.get(1).id()));
        assertThat(stores.content.collect()).isZero();
        assertThat(stores.content.contains(all.get(0).manifest())).isFalse();
    }

    @Test
    void imageThatAnotherReferenceNamesStays() {
        List<Image> all = app(S390X, HOST);
        Reference alone = Reference.parse("alone");
        images.store(all.get(0), List.of(all.get(0).id()), List.of(alone), Optional.empty());
        images.remove("app", false);
        assertThat(images.resolve("alone")).isEqualTo(all.get(0));
    }

    @Test
    void imagesOfAReplacedTreeStayWithoutAName() {
        app(S390X, HOST);
        Image next = image(PPC64LE);
        images.tag(next.id().toString(), APP);
        assertThat(images.list()).hasSize(3);
        assertThat(images.list().stream().filter(image -> image.references().isEmpty()))
                .hasSize(2);
    }

    @Test
    void oneImageOfATreeCanBeRemoved() {
        List<Image> all = app(S390X, HOST);
        assertThat(images.remove("app", Optional.of(HOST), false))
                .containsExactly(new Deleted(all.get(1).id()));
        assertThat(images.resolve("app")).isEqualTo(all.get(0));
        assertThat(trees.of("app").members())
                .extracting(member -> member.image().isPresent())
                .containsExactly(true, false);
        assertThatThrownBy(() -> images.remove("app", Optional.of(HOST), false)).isInstanceOf(NotFoundException.class);
        assertThat(images.remove("app", Optional.of(S390X), false))
                .containsExactly(
                        new Untagged("app:latest"), new Deleted(all.get(0).id()));
    }

    @Test
    void imageOfATreeCanBeRemovedByItsId() {
        List<Image> all = app(S390X, HOST);
        assertThat(images.remove(all.get(0).id().toString(), false))
                .containsExactly(new Deleted(all.get(0).id()));
        assertThat(trees.of("app").images()).containsExactly(all.get(1));
    }

    @Test
    void containerOfAnyPlatformHoldsTheTree() {
        List<Image> all = app(S390X, HOST);
        stores.execute("INSERT INTO container (id, name, image, image_name, state, config, created_at) VALUES"
                + " ('c', 'c', '%s', 'x', 'exited', '{}', 0)"
                        .formatted(all.get(0).id()));
        assertThatThrownBy(() -> images.remove("app", false)).isInstanceOf(ConflictException.class);
        assertThat(images.resolve("app")).isEqualTo(all.get(1));
    }
}
