package dev.wherry.daemon.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stays and what goes: garbage collection, and the start after a daemon or a host that went down. */
class RecoverTest {

    private Store store;

    @BeforeEach
    void open() throws IOException {
        store = new Store();
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private SnapshotId layer(SnapshotId parent) throws IOException {
        return store.layer(parent, root -> Files.writeString(root.resolve("f" + System.nanoTime()), "0123456789"));
    }

    private void image(SnapshotId snapshot) {
        store.execute("INSERT INTO image (id, manifest, snapshot, size, created_at, stored_at) VALUES ('i" + snapshot
                + "', '', " + snapshot + ", 0, 0, 0)");
    }

    private void container(SnapshotId snapshot) {
        store.execute("INSERT INTO container (id, name, image, image_name, snapshot, state, config, created_at) VALUES"
                + " ('c', 'c', '', '', " + snapshot + ", 'exited', '{}', 0)");
    }

    private void cacheRecord(SnapshotId snapshot) {
        store.execute("INSERT INTO cache_record (key, definition, snapshot, inputs, created_at, used_at) VALUES ('k"
                + snapshot + "', '', " + snapshot + ", '', 0, 0)");
    }

    private void anotherBoot() {
        store.execute("UPDATE snapshot SET unsynced_boot = 'earlier' WHERE unsynced_boot IS NOT NULL");
    }

    @Test
    void collectRemovesWhatNothingHolds() throws IOException {
        SnapshotId held = layer(null);
        SnapshotId unheld = layer(held);
        SnapshotId aboveUnheld = layer(unheld);
        image(held);
        assertThat(store.snapshotter.collect()).isZero();
        store.lease.close();

        assertThat(store.snapshotter.collect()).isEqualTo(20);
        assertThat(store.folder(held)).exists();
        assertThat(store.folder(unheld)).doesNotExist();
        assertThat(store.folder(aboveUnheld)).doesNotExist();
        assertThat(store.query("SELECT count(*) FROM snapshot")).isEqualTo(1);
        assertThat(store.snapshotter.hold(store.leases.open(), unheld)).isFalse();
        assertThat(store.snapshotter.hold(store.leases.open(), held)).isTrue();
    }

    @Test
    void collectInBackgroundRemovesRowsAndFiles() throws IOException {
        SnapshotId unheld = layer(null);
        store.lease.close();

        store.snapshotter.collectInBackground();
        await().untilAsserted(() -> assertThat(store.folder(unheld)).doesNotExist());
        assertThat(store.query("SELECT count(*) FROM snapshot")).isEqualTo(0);
    }

    @Test
    void imagesContainersAndCacheRecordsHoldAllBelowThem() throws IOException {
        SnapshotId base = layer(null);
        SnapshotId ofImage = layer(base);
        SnapshotId ofCache = layer(layer(base));
        SnapshotId ofContainer = store.snapshotter.prepare(store.lease, Optional.of(layer(base)));
        image(ofImage);
        cacheRecord(ofCache);
        container(ofContainer);
        store.lease.close();

        assertThat(store.snapshotter.collect()).isZero();
        assertThat(store.query("SELECT count(*) FROM snapshot")).isEqualTo(6);
    }

    @Test
    void collectRemovesFoldersWithoutRowAndFollowsNoLinkInThem() throws IOException {
        Path outside = Files.writeString(store.base.resolve("outside"), "x");
        Path stray = Files.createDirectories(store.layout.snapshots().resolve("77/fs"));
        Files.createSymbolicLink(stray.resolve("link"), store.base);

        store.snapshotter.collect();
        assertThat(stray.getParent()).doesNotExist();
        assertThat(outside).exists();
    }

    @Test
    void recoverRemovesActiveSnapshotsThatNoContainerHas() throws IOException {
        SnapshotId base = layer(null);
        SnapshotId step = store.snapshotter.prepare(store.lease, Optional.of(base));
        SnapshotId ofContainer = store.snapshotter.prepare(store.lease, Optional.of(base));
        container(ofContainer);

        store.restarted().recover(target -> false);
        await().untilAsserted(() -> assertThat(store.folder(step)).doesNotExist());
        assertThat(store.folder(ofContainer)).exists();
        assertThat(store.folder(base)).exists();
    }

    @Test
    void recoverUnmountsAllButWhatIsToBeKept() throws IOException {
        SnapshotId base = layer(null);
        Path step = store.target();
        Path running = Files.createDirectories(store.layout.runningContainers().resolve("a/rootfs"));
        Path dead = Files.createDirectories(store.layout.runningContainers().resolve("b/rootfs"));
        for (Path target : new Path[] {step, running, dead, dead}) {
            store.snapshotter.mountView(base, target);
        }

        store.restarted().recover(running::equals);
        assertThat(store.mounts()).containsExactly(running);
    }

    @Test
    void aDaemonThatWasKilledLosesNoCommittedSnapshot() throws IOException {
        SnapshotId unsynced = layer(null);
        cacheRecord(unsynced);

        store.restarted().recover(target -> false);
        assertThat(store.folder(unsynced)).exists();
        assertThat(store.query("SELECT count(*) FROM cache_record")).isEqualTo(1);
    }

    @Test
    void aPowerFailureTakesUnsyncedSnapshotsAndTheirCacheRecords() throws IOException {
        SnapshotId synced = layer(null);
        store.snapshotter.sync();
        SnapshotId unsynced = layer(synced);
        SnapshotId above = layer(unsynced);
        cacheRecord(synced);
        cacheRecord(unsynced);
        cacheRecord(above);
        anotherBoot();

        store.restarted().recover(target -> false);
        assertThat(store.folder(synced)).exists();
        await().untilAsserted(() -> assertThat(store.folder(unsynced)).doesNotExist());
        await().untilAsserted(() -> assertThat(store.folder(above)).doesNotExist());
        assertThat(store.query("SELECT group_concat(snapshot) FROM cache_record"))
                .hasToString(synced.toString());
        assertThat(store.query("SELECT count(*) FROM snapshot")).isEqualTo(1);
    }

    @Test
    void numbersAreNeverUsedAgain() throws IOException {
        SnapshotId first = layer(null);
        store.lease.close();
        store.snapshotter.collect();

        assertThat(store.snapshotter
                        .prepare(store.leases.open(), Optional.empty())
                        .value())
                .isGreaterThan(first.value());
    }
}
