package dev.wherry.daemon.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.snapshot.unpack.UnpackLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Layers are unpacked before those below them are here, and put on each other afterwards. */
class ReceivedLayerTest {

    private Store store;

    @BeforeEach
    void open() throws IOException {
        store = new Store();
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private ReceivedLayer receive(Archive archive) {
        return receive(archive.bytes());
    }

    private ReceivedLayer receive(byte[] tar) {
        return store.snapshotter.receive(store.lease, new ByteArrayInputStream(tar), Digest.sha256(tar));
    }

    private SnapshotId place(SnapshotId parent, ReceivedLayer layer) {
        return store.snapshotter.place(store.lease, Optional.ofNullable(parent), layer);
    }

    private static Archive base() {
        return new Archive()
                .folder("./", 0700)
                .folder("d/", 01777)
                .file("d/a", "a")
                .file("d/b", "b")
                .folder("e/", 0755)
                .file("e/c", "c")
                .file("f", "f");
    }

    private Object rows() {
        return store.query("SELECT count(*) FROM snapshot");
    }

    @Test
    void layersAreReceivedInAnyOrder() throws IOException {
        ReceivedLayer upper = receive(new Archive().file("f", "again"));
        ReceivedLayer middle = receive(new Archive()
                .file("d/.wh.a", "")
                .file("d/new", "new")
                .file("e/.wh..wh..opq", "")
                .file(".wh.f", ""));
        ReceivedLayer lower = receive(base());
        SnapshotId first = place(null, lower);
        SnapshotId second = place(first, middle);
        SnapshotId third = place(second, upper);

        assertThat(store.snapshotter.chain(third)).containsExactly(first, second, third);
        store.view(second, root -> {
            assertThat(root.resolve("d").toFile().list()).containsExactlyInAnyOrder("b", "new");
            assertThat(Inodes.status(root.resolve("d")).permissions()).isEqualTo(01777);
            assertThat(root.resolve("e")).isEmptyDirectory();
            assertThat(root.resolve("f")).doesNotExist();
            assertThat(Inodes.status(root).permissions()).isEqualTo(0700);
        });
        store.view(third, root -> assertThat(root.resolve("f")).hasContent("again"));
        assertThat(rows()).isEqualTo(3);
        assertThat(store.layout.snapshots().toFile().list()).hasSize(3);
    }

    @Test
    void chainsAreFoundByTheirDiffIds() {
        byte[] tar = base().bytes();
        byte[] top = new Archive().file("x", "x").bytes();
        SnapshotId first = place(null, receive(tar));
        SnapshotId second = place(first, receive(top));

        assertThat(store.snapshotter.find(store.lease, List.of(Digest.sha256(tar), Digest.sha256(top))))
                .contains(second);
        assertThat(store.snapshotter.diff(second).tarSize()).isEqualTo(top.length);
    }

    @Test
    void aLayerThatIsHereIsTakenInsteadOfASecondOne() {
        byte[] tar = base().bytes();
        SnapshotId first = place(null, receive(tar));

        assertThat(place(null, receive(tar))).isEqualTo(first);
        assertThat(rows()).isEqualTo(1);
        assertThat(store.layout.snapshots().toFile().list()).hasSize(1);
    }

    @Test
    void nothingIsLeftOfWhatIsDiscarded() {
        ReceivedLayer layer = receive(base());
        store.snapshotter.discard(layer);
        store.snapshotter.discard(layer);

        assertThat(rows()).isEqualTo(0);
        assertThat(store.layout.snapshots()).isEmptyDirectory();
        SnapshotId placed = place(null, receive(base()));
        ReceivedLayer upper = receive(new Archive().file("x", "x"));
        SnapshotId top = place(placed, upper);
        store.snapshotter.discard(upper);
        assertThat(store.fs(top).resolve("x")).hasContent("x");
    }

    @Test
    void nextDaemonRemovesWhatWasNotPlaced() {
        receive(base());
        Snapshotter next = store.restarted();
        next.recover(_ -> false);
        next.collect();

        assertThat(rows()).isEqualTo(0);
        assertThat(store.layout.snapshots()).isEmptyDirectory();
    }

    /** What comes last of an archive can be a link in the place of a folder that something was noted of. */
    @Test
    void linksInThePlaceOfFoldersLeadNowhere() throws IOException {
        Path outside = Files.createDirectories(store.base.resolve("outside/e"));
        Files.createDirectory(outside.resolve("e"));
        long modified = Inodes.status(outside).modified();
        SnapshotId below = place(
                null,
                receive(new Archive()
                        .folder("d/", 0700)
                        .folder("d/e/", 0700)
                        .file("d/e/x", "x")
                        .file("d/x", "x")));
        SnapshotId id = place(
                below,
                receive(new Archive()
                        .folder("d/", 0755)
                        .folder("d/e/", 0755)
                        .file("d/e/e/y", "y")
                        .file("d/.wh.x", "")
                        .file("d/e/.wh.x", "")
                        .file("d/e/.wh..wh..opq", "")
                        .link("d", '2', store.base.resolve("outside").toString())));

        assertThat(Files.isSymbolicLink(store.fs(id).resolve("d"))).isTrue();
        assertThat(store.base.resolve("outside").toFile().list()).containsExactly("e");
        assertThat(outside.toFile().list()).containsExactly("e");
        assertThat(Inodes.status(outside).modified()).isEqualTo(modified);
        assertThat(Inodes.status(outside).permissions()).isNotEqualTo(0700);
        assertThat(Inodes.xattr(outside, "trusted.overlay.opaque")).isEmpty();
    }

    @Test
    void whiteoutsAreLimited() throws IOException {
        try (Store small = new Store("", new UnpackLimits(100, 100, 1000, 2))) {
            byte[] two = new Archive().file(".wh.a", "").file(".wh.b", "").bytes();
            byte[] three = new Archive()
                    .file(".wh.a", "")
                    .file(".wh.b", "")
                    .file("d/.wh..wh..opq", "")
                    .bytes();
            small.snapshotter.receive(small.lease, new ByteArrayInputStream(two), Digest.sha256(two));
            assertThatThrownBy(() -> small.snapshotter.receive(
                            small.lease, new ByteArrayInputStream(three), Digest.sha256(three)))
                    .isInstanceOf(ExhaustedException.class)
                    .hasMessage("the tar stream has more than 2 whiteouts");
        }
    }

    @Test
    void nothingIsLeftOfALayerThatCannotBePlaced() {
        SnapshotId unfinished = store.snapshotter.prepare(store.lease, Optional.empty());
        ReceivedLayer layer = receive(base());
        assertThatThrownBy(() -> place(unfinished, layer)).isInstanceOf(ConflictException.class);

        assertThat(store.layout.snapshots().toFile().list()).containsExactly(unfinished.toString());
        assertThat(rows()).isEqualTo(1);
    }

    /** The stream of a layer that was written here, received again by another daemon. */
    private static boolean givesStream(Store there, SnapshotId parent, byte[] tar) {
        ReceivedLayer layer = there.snapshotter
                .receive(there.lease, new ByteArrayInputStream(tar))
                .withDiffId(Digest.sha256(tar));
        SnapshotId placed = there.snapshotter.place(there.lease, Optional.ofNullable(parent), layer);
        boolean gives = there.snapshotter.givesStream(placed, layer);
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        if (gives) {
            there.snapshotter.writeTar(placed, again);
            assertThat(again.toByteArray()).isEqualTo(tar);
        } else {
            assertThatThrownBy(() -> there.snapshotter.writeTar(placed, again))
                    .isInstanceOf(CorruptContentException.class);
        }
        return gives;
    }

    @Test
    void streamsOfOurOwnComeOutAgain() throws IOException {
        SnapshotId lower = store.layer(null, root -> {
            Files.createDirectories(root.resolve("d/deep"));
            Files.writeString(root.resolve("d/a"), "a");
            Files.createDirectory(root.resolve("e"));
            Files.writeString(root.resolve("e/c"), "c");
        });
        SnapshotId upper = store.layer(lower, root -> {
            Files.delete(root.resolve("d/a"));
            FileTrees.remove(root.resolve("e"));
            Files.createDirectory(root.resolve("e"));
            Files.write(root.resolve("e/large"), new byte[100_000]);
            Files.writeString(root.resolve("e/" + "long".repeat(40)), "x");
            Files.createLink(root.resolve("link"), root.resolve("e/large"));
            Files.createSymbolicLink(root.resolve("symlink"), Path.of("e"));
            Inodes.setXattr(root.resolve("e/large"), "user.note", new byte[] {1, 2});
            Inodes.lchown(root.resolve("e"), 70_000, 3_000_000);
            Inodes.chmod(root, 0711);
        });
        try (Store there = new Store()) {
            SnapshotId below = null;
            for (SnapshotId layer : List.of(lower, upper)) {
                ByteArrayOutputStream tar = new ByteArrayOutputStream();
                store.snapshotter.writeTar(layer, tar);
                assertThat(givesStream(there, below, tar.toByteArray())).isTrue();
                below = there.snapshotter.find(there.lease, diffIds(layer)).orElseThrow();
            }
        }
    }

    @Test
    void streamsOfOthersAreToldFromOurs() throws IOException {
        ByteArrayOutputStream own = new ByteArrayOutputStream();
        store.snapshotter.writeTar(
                store.layer(null, root -> {
                    Files.writeString(root.resolve("a"), "a");
                    Files.writeString(root.resolve("b"), "b");
                }),
                own);
        byte[] tar = own.toByteArray();
        byte[] longer = Arrays.copyOf(tar, tar.length + 512);
        byte[] padded = tar.clone();
        padded[512 + 100] = 1;
        byte[] swapped = tar.clone();
        System.arraycopy(tar, 0, swapped, 1024, 1024);
        System.arraycopy(tar, 1024, swapped, 0, 1024);
        try (Store there = new Store()) {
            assertThat(givesStream(there, null, longer)).isFalse();
            assertThat(givesStream(there, null, padded)).isFalse();
            assertThat(givesStream(there, null, swapped)).isFalse();
            assertThat(givesStream(there, null, new Archive().file("a", "a").bytes()))
                    .isFalse();
            assertThat(givesStream(there, null, new Archive().file("./x", "x").bytes()))
                    .isFalse();
            assertThat(givesStream(there, null, tar)).isTrue();
        }
    }

    private List<Digest> diffIds(SnapshotId layer) {
        return store.snapshotter.chain(layer).stream()
                .map(one -> store.snapshotter.diff(one).diffId())
                .toList();
    }
}
