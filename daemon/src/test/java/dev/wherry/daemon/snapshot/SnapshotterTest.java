package dev.wherry.daemon.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.snapshot.unpack.UnpackLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotterTest {

    private Store store;

    @BeforeEach
    void open() throws IOException {
        store = new Store();
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void aLayerShowsItsParentsFilesAndItsOwn() throws IOException {
        SnapshotId base = store.layer(null, root -> Files.writeString(root.resolve("a"), "below"));
        SnapshotId top = store.layer(base, root -> Files.writeString(root.resolve("b"), "above"));

        store.view(top, root -> {
            assertThat(root.resolve("a")).hasContent("below");
            assertThat(root.resolve("b")).hasContent("above");
        });
        assertThat(store.fs(top).resolve("a")).doesNotExist();
        assertThat(store.snapshotter.chain(top)).containsExactly(base, top);
    }

    @Test
    void aRemovedFileStaysInTheParentOnly() throws IOException {
        SnapshotId base = store.layer(null, root -> Files.writeString(root.resolve("a"), "below"));
        SnapshotId top = store.layer(base, root -> Files.delete(root.resolve("a")));

        store.view(top, root -> assertThat(root.resolve("a")).doesNotExist());
        store.view(base, root -> assertThat(root.resolve("a")).hasContent("below"));
    }

    @Test
    void aViewCannotBeWritten() throws IOException {
        SnapshotId base = store.layer(null, root -> Files.writeString(root.resolve("a"), "x"));
        SnapshotId top = store.layer(base, root -> Files.writeString(root.resolve("b"), "x"));

        for (SnapshotId id : List.of(base, top)) {
            store.view(
                    id,
                    root -> assertThatThrownBy(() -> Files.writeString(root.resolve("c"), "x"))
                            .hasMessageContaining("Read-only"));
        }
    }

    @Test
    void deviceNodesOfLayersOpenNothing() throws IOException {
        SnapshotId base = store.layer(
                null, root -> Inodes.mknod(root.resolve("null"), FileStatus.CHARACTER | 0666, FileStatus.device(1, 3)));
        SnapshotId top = store.layer(base, root -> Files.writeString(root.resolve("b"), "x"));

        for (SnapshotId id : List.of(base, top)) {
            store.view(
                    id,
                    root -> assertThatThrownBy(() -> Files.readAllBytes(root.resolve("null")))
                            .isInstanceOf(IOException.class));
        }
    }

    @Test
    void theRootFolderKeepsItsModeInTheNextLayer() throws IOException {
        SnapshotId base = store.layer(null, root -> {
            Inodes.lchown(root, 7, 8);
            Inodes.chmod(root, 01777);
        });
        SnapshotId top = store.layer(base, root -> Files.writeString(root.resolve("b"), "x"));

        store.view(top, root -> {
            assertThat(Inodes.status(root).permissions()).isEqualTo(01777);
            assertThat(Inodes.status(root).uid()).isEqualTo(7);
        });
    }

    @Test
    void aHundredAndTwentySevenLayersMountBelowALongRoot() throws IOException {
        try (Store deep = new Store("x".repeat(200) + "/" + "y".repeat(200), UnpackLimits.DEFAULT)) {
            SnapshotId top = null;
            for (int i = 0; i < 127; i++) {
                String name = "f" + i;
                SnapshotId next = deep.snapshotter.prepare(deep.lease, Optional.ofNullable(top));
                Files.writeString(deep.fs(next).resolve(name), name);
                deep.snapshotter.commit(next);
                top = next;
            }
            deep.view(top, root -> {
                for (int i = 0; i < 127; i++) {
                    assertThat(root.resolve("f" + i)).hasContent("f" + i);
                }
            });
            SnapshotId written = deep.layer(top, root -> Files.delete(root.resolve("f0")));
            deep.view(written, root -> assertThat(root.resolve("f0")).doesNotExist());
        }
    }

    @Test
    void anActiveSnapshotMountsAgainAfterAVolatileMount() throws IOException {
        SnapshotId base = store.layer(null, root -> Files.writeString(root.resolve("a"), "x"));
        SnapshotId active = store.snapshotter.prepare(store.lease, Optional.of(base));
        Path target = store.target();
        for (int i = 0; i < 2; i++) {
            store.snapshotter.mountVolatile(active, target);
            Files.writeString(target.resolve("n" + i), "x");
            store.snapshotter.unmount(target);
        }
        store.snapshotter.mount(active, target);

        assertThat(target.resolve("n0")).exists();
        assertThat(target.resolve("n1")).exists();
    }

    @Test
    void unmountingWhatIsNotMountedChangesNothing() throws IOException {
        SnapshotId base = store.layer(null, root -> Files.writeString(root.resolve("a"), "x"));
        Path mounted = store.target();
        store.snapshotter.mountView(base, mounted);
        Path folder = store.target();
        Files.writeString(folder.resolve("file"), "x");

        store.snapshotter.unmount(folder);
        store.snapshotter.unmount(store.base.resolve("nowhere"));

        assertThat(folder.resolve("file")).exists();
        assertThat(mounted.resolve("a")).hasContent("x");
        store.snapshotter.unmount(mounted);
        assertThat(store.mounts()).isEmpty();
        store.snapshotter.unmount(mounted);
    }

    @Test
    void aSnapshotCannotBeginOnAnActiveOrMissingOne() {
        SnapshotId active = store.snapshotter.prepare(store.lease, Optional.empty());

        assertThatThrownBy(() -> store.snapshotter.prepare(store.lease, Optional.of(active)))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> store.snapshotter.prepare(store.lease, Optional.of(new SnapshotId(99))))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> store.snapshotter.commit(new SnapshotId(99))).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aCommittedSnapshotIsNeitherWrittenNorDiscarded() throws IOException {
        SnapshotId base = store.layer(null, root -> Files.writeString(root.resolve("a"), "x"));
        Path target = store.target();

        assertThatThrownBy(() -> store.snapshotter.mount(base, target)).isInstanceOf(ConflictException.class);
        store.snapshotter.discard(base);
        assertThat(store.fs(base).resolve("a")).exists();
    }

    @Test
    void discardLeavesNothing() {
        SnapshotId active = store.snapshotter.prepare(store.lease, Optional.empty());
        store.snapshotter.discard(active);
        store.snapshotter.discard(active);

        assertThat(store.folder(active)).doesNotExist();
        assertThat(store.query("SELECT count(*) FROM snapshot")).isEqualTo(0);
    }

    @Test
    void manyThreadsThatAskForADiffGetTheSameOneComputedOnce() throws Exception {
        SnapshotId id = store.layer(null, root -> Files.write(root.resolve("big"), new byte[5 << 20]));
        Set<LayerDiff> diffs = new HashSet<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<LayerDiff> ask = () -> store.snapshotter.diff(id);
            for (Future<LayerDiff> answer : threads.invokeAll(java.util.Collections.nCopies(8, ask))) {
                diffs.add(answer.get());
            }
        }
        assertThat(diffs).hasSize(1);
        // Only a recorded result can still be told when the files are gone.
        Files.delete(store.fs(id).resolve("big"));
        assertThat(store.snapshotter.diff(id)).isEqualTo(diffs.iterator().next());
    }

    @Test
    void theTarStreamHasTheDiffIdAndSizesRecorded() throws IOException {
        SnapshotId id = store.layer(null, root -> {
            Files.write(root.resolve("big"), new byte[3_000_001]);
            Files.createLink(root.resolve("link"), root.resolve("big"));
        });
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        store.snapshotter.writeTar(id, tar);

        LayerDiff diff = store.snapshotter.diff(id);
        assertThat(diff.diffId()).isEqualTo(Digest.sha256(tar.toByteArray()));
        assertThat(diff.tarSize()).isEqualTo(tar.size());
        assertThat(diff.size()).isEqualTo(3_000_001);
    }

    @Test
    void aChainIsFoundByItsDiffIdsInWhateverOrderTheyBecameKnown() throws IOException {
        SnapshotId base = store.layer(null, root -> Files.writeString(root.resolve("a"), "x"));
        SnapshotId middle = store.layer(base, root -> Files.writeString(root.resolve("b"), "x"));
        SnapshotId top = store.layer(middle, root -> Files.writeString(root.resolve("c"), "x"));
        Digest third = store.snapshotter.diff(top).diffId();
        Digest first = store.snapshotter.diff(base).diffId();
        assertThat(store.query("SELECT chain_id FROM snapshot WHERE id = " + top))
                .isNull();
        Digest second = store.snapshotter.diff(middle).diffId();

        assertThat(store.snapshotter.find(store.lease, List.of(first, second, third)))
                .contains(top);
        assertThat(store.snapshotter.find(store.lease, List.of(first, second))).contains(middle);
        assertThat(store.snapshotter.find(store.lease, List.of(first))).contains(base);
        assertThat(store.snapshotter.find(store.lease, List.of(second))).isEmpty();
        assertThat(store.snapshotter.find(store.lease, List.of())).isEmpty();
    }

    @Test
    void theSecondOfTwoEqualSnapshotsBearsNoChainId() throws IOException {
        SnapshotId one = equalLayer();
        SnapshotId other = equalLayer();
        assertThat(store.snapshotter.diff(one)).isEqualTo(store.snapshotter.diff(other));

        assertThat(store.query("SELECT chain_id FROM snapshot WHERE id = " + one))
                .isNotNull();
        assertThat(store.query("SELECT chain_id FROM snapshot WHERE id = " + other))
                .isNull();
    }

    private SnapshotId equalLayer() throws IOException {
        return store.layer(null, root -> {
            Files.writeString(root.resolve("a"), "x");
            Inodes.utimensat(root.resolve("a"), 1000, 5);
        });
    }

    @Test
    void syncCoversAllThatWasCommittedBefore() throws Exception {
        for (int i = 0; i < 3; i++) {
            store.layer(null, root -> Files.writeString(root.resolve("a"), "x"));
        }
        assertThat(store.query("SELECT count(*) FROM snapshot WHERE unsynced_boot IS NOT NULL"))
                .isEqualTo(3);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Void> sync = () -> {
                store.snapshotter.sync();
                return null;
            };
            for (Future<Void> call : threads.invokeAll(java.util.Collections.nCopies(4, sync))) {
                call.get();
            }
        }
        assertThat(store.query("SELECT count(*) FROM snapshot WHERE unsynced_boot IS NOT NULL"))
                .isEqualTo(0);
    }
}
