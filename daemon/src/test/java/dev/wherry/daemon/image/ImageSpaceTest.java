package dev.wherry.daemon.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.image.RemovedItem.Deleted;
import dev.wherry.daemon.image.RemovedItem.Untagged;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.SpaceUse;
import dev.wherry.daemon.snapshot.LayerDiff;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.Snapshotters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What images take of the disk, and which of them a prune removes. */
class ImageSpaceTest {

    @TempDir
    Path folder;

    private PrivateStores stores;
    private Snapshotter snapshotter;
    private ImageStore images;
    private ImageFilters filters;
    private Image base;
    private Image app;
    private Image dangling;

    /** Two images on one base of 100 bytes; the second, which has no name, adds 30 bytes and the first 7. */
    @BeforeEach
    void open() throws IOException {
        stores = new PrivateStores(folder);
        snapshotter = Snapshotters.open(stores);
        images = new ImageStore(stores.database, stores.content, snapshotter, stores.leases);
        filters = new ImageFilters(images);
        base = image(Optional.empty(), 100, Map.of(), "base");
        app = image(Optional.of(base), 7, Map.of("team", "a"), "app:1", "app:2");
        dangling = image(Optional.of(base), 30, Map.of("team", "b"));
    }

    private Image image(Optional<Image> below, int bytes, Map<String, String> labels, String... names)
            throws IOException {
        try (Leases.Lease lease = stores.leases.open()) {
            SnapshotId top = snapshotter.prepare(lease, below.flatMap(Image::snapshot));
            Files.writeString(snapshotter.folder(top).resolve("file" + bytes), "x".repeat(bytes));
            snapshotter.commit(top);
            List<LayerDiff> layers =
                    snapshotter.chain(top).stream().map(snapshotter::diff).toList();
            ImageConfig config = new ImageConfig(
                    "2026-01-01T00:00:00Z",
                    null,
                    "amd64",
                    null,
                    "linux",
                    null,
                    new ImageConfig.Execution(
                            null, null, null, null, null, null, null, null, null, labels, null, null, null, null),
                    null,
                    null);
            return images.commit(
                    config,
                    Optional.of(top),
                    layers,
                    Stream.of(names).map(Reference::parse).toList());
        }
    }

    private void container(String id, Image image, String config) {
        stores.execute(
                "INSERT INTO container (id, name, image, image_name, state, config, created_at) VALUES ('%s', '%s', '%s', 'x', 'exited', '%s', 0)"
                        .formatted(id, id, image.id(), config));
    }

    private static Filters filters(String key, String value) {
        return new Filters(Map.of(key, List.of(value)));
    }

    private PrunedImages prune(Filters chosen) {
        return images.prune(filters.toPrune(chosen));
    }

    @Test
    void sharedLayerIsCountedOnce() {
        ImageSpace space = ImageSpace.measure(stores.database);
        assertThat(space.use()).isEqualTo(new SpaceUse(3, 0, 137, 137));
        assertThat(space.byImage())
                .containsEntry(base.id(), new ImageSpace.Share(100, 0, 0))
                .containsEntry(app.id(), new ImageSpace.Share(100, 7, 0))
                .containsEntry(dangling.id(), new ImageSpace.Share(100, 30, 0));
    }

    @Test
    void everyLayerHasAFileInItsFolder() {
        assertThat(images.layerUse()).isEqualTo(new FileTrees.Use(137, 6));
    }

    @Test
    void layersOfUsedImagesAreNotReclaimable() {
        container("one", app, "{}");
        container("two", app, "{\"mounts\": [\"" + dangling.id() + "\"]}");
        ImageSpace space = ImageSpace.measure(stores.database);
        assertThat(space.use()).isEqualTo(new SpaceUse(3, 2, 137, 0));
        assertThat(space.byImage().get(app.id()).containers()).isEqualTo(2);
        assertThat(space.byImage().get(dangling.id()).containers()).isEqualTo(1);
        assertThat(space.byImage().get(base.id()).containers()).isZero();
    }

    @Test
    void pruneTakesDanglingImagesAlone() {
        PrunedImages pruned = prune(Filters.NONE);
        assertThat(pruned.removed()).containsExactly(new Deleted(dangling.id()));
        assertThat(pruned.bytes()).isGreaterThanOrEqualTo(30);
        assertThat(images.list()).extracting(ImageSummary::image).containsExactlyInAnyOrder(base, app);
    }

    @Test
    void pruneOfAllKeepsWhatContainersUse() {
        container("one", dangling, "{\"mounts\": [\"" + base.id() + "\"]}");
        assertThat(prune(filters("dangling", "false")).removed())
                .containsExactly(new Untagged("app:1"), new Untagged("app:2"), new Deleted(app.id()));
        assertThat(images.list()).extracting(ImageSummary::image).containsExactlyInAnyOrder(base, dangling);
    }

    @Test
    void pruneChoosesByLabelAndAge() {
        assertThat(prune(filters("label", "team=a")).removed()).isEmpty();
        assertThat(prune(filters("label!", "team")).removed()).isEmpty();
        assertThat(prune(filters("until", "2025-12-31T00:00:00Z")).removed()).isEmpty();
        assertThat(prune(new Filters(Map.of("label", List.of("team=b"), "until", List.of("2026-01-02T00:00:00Z"))))
                        .removed())
                .containsExactly(new Deleted(dangling.id()));
        assertThatThrownBy(() -> prune(filters("reference", "app"))).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void imageThatGotANameMeanwhileStays() {
        List<ImageSummary> chosen = filters.toPrune(Filters.NONE);
        images.tag(dangling.id().toString(), Reference.parse("named"));
        assertThat(images.prune(chosen).removed()).isEmpty();
        assertThat(images.resolve("named")).isEqualTo(dangling);
    }
}
