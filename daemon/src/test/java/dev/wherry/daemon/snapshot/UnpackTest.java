package dev.wherry.daemon.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.snapshot.unpack.UnpackLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackTest {

    private Store store;

    @BeforeEach
    void open() throws IOException {
        store = new Store();
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private SnapshotId unpack(SnapshotId parent, byte[] tar) {
        return store.snapshotter.unpack(
                store.lease, Optional.ofNullable(parent), new ByteArrayInputStream(tar), Digest.sha256(tar));
    }

    private SnapshotId unpack(Archive archive) {
        return unpack(null, archive.bytes());
    }

    /** A folder {@code d} with files {@code a} and {@code b}, and a file {@code f}. */
    private SnapshotId base() {
        return unpack(new Archive()
                .folder("d/", 0755)
                .file("d/a", "a")
                .file("d/b", "b")
                .file("f", "f"));
    }

    private void nothingIsLeft() throws IOException {
        assertThat(store.query("SELECT count(*) FROM snapshot")).isEqualTo(0);
        assertThat(store.layout.snapshots()).isEmptyDirectory();
        assertThat(store.base.resolve("lib/etc")).doesNotExist();
    }

    @Test
    void filesKeepContentModeOwnerTimeAndAttributes() throws IOException {
        SnapshotId id = unpack(new Archive()
                .folder("d/", 0750)
                .entry("d/su", '0', "x".getBytes(UTF_8), "", entry -> {
                    entry.setMode(04711);
                    entry.setIds(3000000, 5);
                    entry.setModTime(1234567000L);
                    entry.addPaxHeader("SCHILY.xattr.user.note", "hello");
                    entry.addPaxHeader("SCHILY.xattr.trusted.overlay.opaque", "y");
                })
                .link("d/l", '2', "a//b/"));
        Path file = store.fs(id).resolve("d/su");
        FileStatus status = Inodes.status(file);

        assertThat(file).hasContent("x");
        assertThat(status.permissions()).isEqualTo(04711);
        assertThat(status.uid()).isEqualTo(3000000);
        assertThat(status.gid()).isEqualTo(5);
        assertThat(status.modified()).isEqualTo(1234567);
        assertThat(Inodes.xattr(file, "user.note")).hasValue("hello".getBytes(UTF_8));
        assertThat(Inodes.xattr(file, "trusted.overlay.opaque")).isEmpty();
        assertThat(Inodes.readlink(store.fs(id).resolve("d/l"))).isEqualTo("a//b/".getBytes(UTF_8));
    }

    @Test
    void foldersKeepTheirTimeAlthoughFilesAreMadeInThem() throws IOException {
        SnapshotId id = unpack(new Archive()
                .entry("d/", '5', new byte[0], "", entry -> entry.setModTime(77000L))
                .file("d/a", "a"));

        assertThat(Inodes.status(store.fs(id).resolve("d")).modified()).isEqualTo(77);
    }

    @Test
    void aSecondUnpackOfTheSameChainFindsTheFirst() {
        byte[] tar = new Archive().file("a", "a").bytes();
        SnapshotId first = unpack(null, tar);

        assertThat(unpack(null, tar)).isEqualTo(first);
        SnapshotId above = unpack(first, tar);
        assertThat(above).isNotEqualTo(first);
        assertThat(unpack(first, tar)).isEqualTo(above);
    }

    @Test
    void theRowTellsTheGivenDiffIdAndSizes() {
        byte[] tar = new Archive().file("a", "abc").bytes();

        assertThat(store.snapshotter.diff(unpack(null, tar)))
                .isEqualTo(new LayerDiff(Digest.sha256(tar), tar.length, 3));
    }

    @Test
    void aWhiteoutHidesAFileBelow() throws IOException {
        SnapshotId id = unpack(base(), new Archive().file("d/.wh.a", "").bytes());

        store.view(id, root -> {
            assertThat(root.resolve("d/a")).doesNotExist();
            assertThat(root.resolve("d/b")).exists();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWhiteoutHidesNoFileOfItsOwnLayer(boolean whiteoutFirst) throws IOException {
        Archive archive = new Archive();
        if (whiteoutFirst) {
            archive.file("f", "new").file(".wh.f", "").file("d/new", "new").file(".wh.d", "");
        } else {
            archive.file(".wh.f", "").file("f", "new").file(".wh.d", "").file("d/new", "new");
        }
        store.view(unpack(base(), archive.bytes()), root -> {
            assertThat(root.resolve("f")).hasContent("new");
            assertThat(root.resolve("d/new")).hasContent("new");
            assertThat(root.resolve("d/a")).doesNotExist();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOpaqueFolderHidesAllBelowButNotItsOwn(boolean opaqueFirst) throws IOException {
        Archive archive = new Archive().folder("d/", 0700);
        if (opaqueFirst) {
            archive.file("d/.wh..wh..opq", "").file("d/.wh.a", "").file("d/new", "new");
        } else {
            archive.file("d/.wh.a", "").file("d/new", "new").file("d/.wh..wh..opq", "");
        }
        store.view(unpack(base(), archive.bytes()), root -> {
            assertThat(root.resolve("d").toFile().list()).containsExactly("new");
            assertThat(Inodes.status(root.resolve("d")).permissions()).isEqualTo(0700);
        });
    }

    @Test
    void anOpaqueRootHidesEverythingBelow() throws IOException {
        SnapshotId id = unpack(
                base(),
                new Archive().file("d/new", "new").file(".wh..wh..opq", "").bytes());

        store.view(id, root -> {
            assertThat(root.toFile().list()).containsExactly("d");
            assertThat(root.resolve("d").toFile().list()).containsExactly("new");
        });
    }

    @Test
    void aWhiteoutOfNothingLeavesNoTrace() throws IOException {
        SnapshotId id = unpack(
                base(),
                new Archive()
                        .folder("new/", 0755)
                        .file("new/.wh.x", "")
                        .file(".wh.y", "")
                        .bytes());

        assertThat(store.fs(id).resolve("new")).isEmptyDirectory();
        assertThat(store.fs(id).toFile().list()).containsExactly("new");
    }

    @Test
    void aCharacterDeviceOfZerosIsAWhiteout() throws IOException {
        SnapshotId id = unpack(base(), new Archive().link("f", '3', "").bytes());

        store.view(id, root -> assertThat(root.resolve("f")).doesNotExist());
    }

    @Test
    void aFolderThatNoEntryDescribesIsAsBelow() throws IOException {
        SnapshotId base = unpack(new Archive().folder("tmp/", 01777));
        SnapshotId id = unpack(base, new Archive().file("tmp/x", "x").bytes());

        store.view(
                id,
                root -> assertThat(Inodes.status(root.resolve("tmp")).permissions())
                        .isEqualTo(01777));
    }

    @Test
    void aLaterEntryReplacesAnEarlierOne() throws IOException {
        SnapshotId id = unpack(new Archive()
                .file("a", "old")
                .file("a", "new")
                .folder("b/", 0755)
                .file("b/x", "x")
                .file("b", "file")
                .file("c", "file")
                .folder("c/", 0755));

        assertThat(store.fs(id).resolve("a")).hasContent("new");
        assertThat(store.fs(id).resolve("b")).hasContent("file");
        assertThat(store.fs(id).resolve("c")).isEmptyDirectory();
    }

    @Test
    void hardLinksShareAnInode() throws IOException {
        SnapshotId id = unpack(new Archive()
                .file("a", "x")
                .link("b", '1', "a")
                .link("c", '1', "/./a")
                .link("a", '1', "a"));

        assertThat(Inodes.status(store.fs(id).resolve("b")).links()).isEqualTo(3);
    }

    @Test
    void deviceNodesAreMade() throws IOException {
        SnapshotId id = unpack(new Archive().entry("dev", '4', new byte[0], "", entry -> {
            entry.setDevMajor(8);
            entry.setDevMinor(1000);
        }));
        FileStatus status = Inodes.status(store.fs(id).resolve("dev"));

        assertThat(status.type()).isEqualTo(FileStatus.BLOCK);
        assertThat(status.major()).isEqualTo(8);
        assertThat(status.minor()).isEqualTo(1000);
    }

    @Test
    void absoluteNamesStartAtTheRootOfTheSnapshot() throws IOException {
        SnapshotId id = unpack(new Archive().file("/etc/x", "x").file("a/../b", "b"));

        assertThat(store.fs(id).resolve("etc/x")).hasContent("x");
        assertThat(store.fs(id).resolve("b")).hasContent("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "../../../../..", "/../..", "d/.."})
    void aSymlinkIsFollowedInsideTheRootOnly(String target) throws IOException {
        SnapshotId id =
                unpack(new Archive().folder("d/", 0755).link("l", '2', target).file("l/etc/x", "x"));

        assertThat(store.fs(id).resolve("etc/x")).hasContent("x");
        assertThat(Path.of("/etc/x")).doesNotExist();
    }

    @Test
    void aFileReplacesASymlinkInsteadOfBeingWrittenThroughIt() throws IOException {
        Path outside = Files.writeString(store.base.resolve("outside"), "safe");
        SnapshotId id = unpack(new Archive().link("l", '2', outside.toString()).file("l", "new"));

        assertThat(outside).hasContent("safe");
        assertThat(Files.isRegularFile(store.fs(id).resolve("l"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @Test
    void attributesOfASymlinkDoNotReachItsTarget() throws IOException {
        Path outside = Files.writeString(store.base.resolve("outside"), "safe");
        int mode = Inodes.status(outside).mode();
        unpack(new Archive().entry("l", '2', new byte[0], outside.toString(), entry -> {
            entry.setMode(0777);
            entry.setIds(5, 5);
            entry.addPaxHeader("SCHILY.xattr.user.note", "hello");
        }));

        assertThat(Inodes.status(outside).mode()).isEqualTo(mode);
        assertThat(Inodes.status(outside).uid()).isZero();
        assertThat(Inodes.xattrs(outside)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/../x", "a/../../x", ".wh.", ".wh..", "d/.wh...", "a\0b", ".wh.x/y"})
    void namesThatLeadOutOrNameNothingAreRefused(String name) throws IOException {
        assertThatThrownBy(() -> unpack(new Archive().pax(name, '0', "")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(name);
        nothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "missing", "l/passwd", "d"})
    void hardLinksToAnythingButFilesOfTheStreamAreRefused(String target) throws IOException {
        Archive archive =
                new Archive().folder("d/", 0755).link("l", '2', "/etc").link("h", '1', target);

        assertThatThrownBy(() -> unpack(archive))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("\"h\"")
                .hasMessageContaining(target);
        nothingIsLeft();
    }

    @Test
    void anEntryInsideAFileIsRefused() throws IOException {
        assertThatThrownBy(() -> unpack(new Archive().file("a", "x").file("a/b", "x")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a/b");
        nothingIsLeft();
    }

    @Test
    void anEndlessSymlinkIsAnError() throws IOException {
        assertThatThrownBy(() -> unpack(
                        new Archive().link("a", '2', "b").link("b", '2', "a").file("a/x", "x")))
                .hasMessageContaining("a/x");
        nothingIsLeft();
    }

    @Test
    void tooLongAndTooDeepNamesAreRefused() throws IOException {
        for (String name : new String[] {"x".repeat(256), "d/".repeat(2500) + "x"}) {
            assertThatThrownBy(() -> unpack(new Archive().pax(name, '0', "")))
                    .isInstanceOf(InvalidInputException.class);
            nothingIsLeft();
        }
    }

    @Test
    void aDeepTreeIsUnpackedAndRemovedAgain() throws IOException {
        SnapshotId id = unpack(new Archive().pax("d/".repeat(1900) + "x", '0', ""));
        assertThat(store.fs(id)).isNotEmptyDirectory();

        store.lease.close();
        store.snapshotter.collect();
        nothingIsLeft();
    }

    @Test
    void aStreamThatBreaksOffIsCorruptWhereverItDoes() throws IOException {
        byte[] tar =
                new Archive().file("a", "x".repeat(2000)).folder("b/", 0755).bytes();
        for (int length = 1; length < 3000; length += 499) {
            byte[] part = Arrays.copyOf(tar, length);
            assertThatThrownBy(() -> store.snapshotter.importTar(store.lease, new ByteArrayInputStream(part)))
                    .isInstanceOf(CorruptContentException.class);
            nothingIsLeft();
        }
        byte[] withoutEnd = Arrays.copyOf(tar, 512 + 2048 + 512);
        assertThatThrownBy(() -> store.snapshotter.importTar(store.lease, new ByteArrayInputStream(withoutEnd)))
                .isInstanceOf(CorruptContentException.class);
        nothingIsLeft();
    }

    @Test
    void whatIsNoTarIsCorrupt() throws IOException {
        byte[] text = "hello ".repeat(500).getBytes(UTF_8);
        assertThatThrownBy(() -> unpack(null, text))
                .isInstanceOf(CorruptContentException.class)
                .hasMessageContaining("not a tar archive");
        nothingIsLeft();
    }

    @Test
    void anotherDiffIdIsCorrupt() throws IOException {
        byte[] tar = new Archive().file("a", "x").bytes();
        Digest other = Digest.sha256("other");
        assertThatThrownBy(() ->
                        store.snapshotter.unpack(store.lease, Optional.empty(), new ByteArrayInputStream(tar), other))
                .isInstanceOf(CorruptContentException.class)
                .hasMessageContaining(other.toString());
        nothingIsLeft();
    }

    @Test
    void limitsOfEntriesBytesAndHeadersHold() throws IOException {
        try (Store small = new Store("", new UnpackLimits(2, 100, 1000))) {
            for (Archive archive : new Archive[] {
                new Archive().file("a", "").file("b", "").file("c", ""), new Archive().file("a", "x".repeat(101))
            }) {
                assertThatThrownBy(() ->
                                small.snapshotter.importTar(small.lease, new ByteArrayInputStream(archive.bytes())))
                        .isInstanceOf(ExhaustedException.class);
            }
            byte[] longHeader = new Archive().pax("d/".repeat(600), '5', "").bytes();
            assertThatThrownBy(() -> small.snapshotter.importTar(small.lease, new ByteArrayInputStream(longHeader)))
                    .isInstanceOf(InvalidInputException.class);
            assertThat(small.layout.snapshots()).isEmptyDirectory();
        }
    }

    /** Streams whose headers claim gigabytes, or of which there is no end. */
    @ParameterizedTest
    @ValueSource(strings = {"L", "K", "x", "g"})
    void headersWithoutEndAreRefusedBeforeTheyFillMemory(String type) throws IOException {
        long size = 7L << 30;
        byte[] header = new byte[512];
        new TarArchiveEntry("x", (byte) type.charAt(0)) {
            {
                setSize(size);
            }
        }.writeEntryHeader(header);
        byte[] record = (size + " path=").getBytes(UTF_8);
        InputStream endless = new SequenceInputStream(
                new ByteArrayInputStream(Arrays.copyOf(header, 512)),
                new SequenceInputStream(new ByteArrayInputStream(record), new EndlessInput((byte) 'x')));
        assertThatThrownBy(() -> store.snapshotter.importTar(store.lease, endless))
                .isInstanceOfAny(InvalidInputException.class, CorruptContentException.class);
        nothingIsLeft();
    }

    @Test
    void anEndlessMapOfASparseFileIsRefused() throws IOException {
        byte[] tar = new Archive()
                .entry(
                        "x",
                        'x',
                        "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n29 GNU.sparse.realsize=50000\n".getBytes(UTF_8),
                        "",
                        e -> e.setModTime(0))
                .entry("sparse", '0', new byte[0], "", e -> e.setModTime(0))
                .bytes();
        InputStream endless = new SequenceInputStream(
                new ByteArrayInputStream(Arrays.copyOf(tar, 1536)),
                new SequenceInputStream(
                        new ByteArrayInputStream("999999999999\n".getBytes(UTF_8)),
                        new EndlessInput("0\n".getBytes(UTF_8))));
        assertThatThrownBy(() -> store.snapshotter.importTar(store.lease, endless))
                .isInstanceOf(InvalidInputException.class);
        nothingIsLeft();
    }

    @Test
    void thousandsOfHeadersForOneEntryAreRefused() throws IOException {
        Archive archive = new Archive();
        for (int i = 0; i < 2000; i++) {
            archive.entry("x", 'x', new byte[0], "", entry -> entry.setModTime(0));
        }
        byte[] tar = archive.file("a", "x").bytes();
        try {
            store.snapshotter.importTar(store.lease, new ByteArrayInputStream(tar));
        } catch (CorruptContentException tooMany) {
            nothingIsLeft();
        }
    }

    @Test
    void aFullDiskIsToldAndLeavesNothing() throws IOException {
        Path small = Files.createDirectory(store.base.resolve("small"));
        dev.wherry.daemon.linux.Mounts.tmpfs(small, "size=1m");
        try (Store full = Store.at(small)) {
            byte[] tar = new Archive().file("big", "x".repeat(3 << 20)).bytes();
            assertThatThrownBy(() -> full.snapshotter.importTar(full.lease, new ByteArrayInputStream(tar)))
                    .isInstanceOf(ExhaustedException.class)
                    .hasMessage("no space left on device while unpacking \"big\": free some disk space");
            assertThat(full.layout.snapshots()).isEmptyDirectory();
        }
    }

    /** These bytes again and again. */
    private static final class EndlessInput extends InputStream {

        private final byte[] bytes;
        private int next;

        EndlessInput(byte... bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            return bytes[next++ % bytes.length];
        }
    }
}
