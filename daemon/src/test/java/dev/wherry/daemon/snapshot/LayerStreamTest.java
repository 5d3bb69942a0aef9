package dev.wherry.daemon.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.snapshot.layer.TreeWriter;
import dev.wherry.daemon.snapshot.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

/** What is written of a layer, and that reading it back gives the same layer. */
class LayerStreamTest {

    private static byte[] tar(Store store, SnapshotId id) {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        store.snapshotter.writeTar(id, tar);
        return tar.toByteArray();
    }

    private static List<String> names(byte[] tar) throws IOException {
        List<String> names = new ArrayList<>();
        try (var in = new TarArchiveInputStream(new ByteArrayInputStream(tar), "ISO-8859-1")) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    @Test
    void whatIsNoLayerHasNoWhiteouts() throws IOException {
        Path folder = Files.createTempDirectory("tree");
        Files.createDirectories(folder.resolve(".wh.d"));
        for (String name : List.of("a", ".wh.a", ".wh.d/f", ".wh..wh..opq")) {
            Files.writeString(folder.resolve(name), name);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TreeWriter.write(folder, OptionalLong.empty(), new TarWriter(out));
        assertThat(names(out.toByteArray())).containsExactly(".wh..wh..opq", ".wh.a", ".wh.d/", ".wh.d/f", "a");
        FileTrees.remove(folder);
    }

    @Test
    void entriesAreInTheOrderOfTheirBytesParentsFirst() throws IOException {
        try (Store store = new Store()) {
            SnapshotId id = store.layer(null, root -> {
                for (String name : List.of("b", "a/z", "a/b", "a-", "B", "é", "\uD83D\uDE00", "\uFF5E")) {
                    Files.createDirectories(root.resolve(name).getParent());
                    Files.writeString(root.resolve(name), "x");
                }
                Files.createFile(root.resolve(PathBytes.path(new byte[] {(byte) 0xff, 'x'})));
            });

            assertThat(names(tar(store, id)))
                    .containsExactly(
                            "B",
                            "a/",
                            "a/b",
                            "a/z",
                            "a-",
                            "b",
                            bytes("é"),
                            bytes("\uFF5E"),
                            bytes("\uD83D\uDE00"),
                            "ÿx");
        }
    }

    private static String bytes(String name) {
        return new String(name.getBytes(UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void whatOverlayfsHidesIsWrittenAsWhiteouts() throws IOException {
        try (Store store = new Store()) {
            SnapshotId base = store.layer(null, root -> {
                Files.createDirectories(root.resolve("d/sub"));
                Files.writeString(root.resolve("d/f"), "x");
                Files.writeString(root.resolve("g"), "x");
            });
            SnapshotId top = store.layer(base, root -> {
                Files.delete(root.resolve("g"));
                FileTrees.remove(root.resolve("d"));
                Files.createDirectory(root.resolve("d"));
                Files.writeString(root.resolve("d/new"), "x");
            });
            byte[] tar = tar(store, top);
            assertThat(names(tar)).containsExactly("d/", "d/.wh..wh..opq", "d/new", ".wh.g");

            SnapshotId again = store.snapshotter.unpack(
                    store.lease,
                    Optional.of(base),
                    new ByteArrayInputStream(tar),
                    dev.wherry.daemon.content.Digest.sha256(tar));
            assertThat(tar(store, again)).isEqualTo(tar);
            store.view(again, root -> {
                assertThat(root.toFile().list()).containsExactly("d");
                assertThat(root.resolve("d").toFile().list()).containsExactly("new");
            });
        }
    }

    @Test
    void socketsAndFalseWhiteoutsAreLeftOut() throws IOException {
        try (Store store = new Store()) {
            SnapshotId id = store.layer(null, root -> {
                Inodes.mknod(root.resolve("socket"), FileStatus.SOCKET | 0600, 0);
                Inodes.mknod(root.resolve("fifo"), FileStatus.FIFO | 0600, 0);
                Files.writeString(root.resolve(".wh.x"), "x");
            });
            assertThat(names(tar(store, id))).containsExactly("fifo");
        }
    }

    @Test
    void aRootFolderIsWrittenOnlyWhenItDiffersFromItsParents() throws IOException {
        try (Store store = new Store()) {
            SnapshotId base = store.layer(null, root -> Inodes.chmod(root, 0700));
            SnapshotId same = store.layer(base, root -> Files.writeString(root.resolve("a"), "x"));

            assertThat(names(tar(store, base))).containsExactly("./");
            assertThat(names(tar(store, same))).containsExactly("a");
        }
    }

    @Test
    void attributesAreKeptByteForByte() throws IOException {
        try (Store store = new Store()) {
            byte[] value = new byte[256];
            for (int i = 0; i < value.length; i++) {
                value[i] = (byte) i;
            }
            byte[] capability = {1, 0, 0, 2, (byte) 0x80, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
            SnapshotId id = store.layer(null, root -> {
                Path file = Files.writeString(root.resolve("f"), "x");
                Inodes.setXattr(file, "user.bytes", value);
                Inodes.setXattr(file, "user.empty", new byte[0]);
                Inodes.setXattr(file, "security.capability", capability);
                Inodes.setXattr(file, "trusted.other", value);
            });
            SnapshotId again = store.snapshotter.importTar(store.lease, new ByteArrayInputStream(tar(store, id)));
            Path file = store.fs(again).resolve("f");

            assertThat(Inodes.xattrs(file)).containsExactly("security.capability", "user.bytes", "user.empty");
            assertThat(Inodes.xattr(file, "user.bytes")).hasValue(value);
            assertThat(Inodes.xattr(file, "user.empty")).hasValue(new byte[0]);
            assertThat(Inodes.xattr(file, "security.capability")).hasValue(capability);
        }
    }

    @Test
    void sparseArchivesOfGnuTarAreRead() throws Exception {
        try (Store store = new Store()) {
            Path folder = Files.createDirectory(store.base.resolve("sparse"));
            try (var file = Files.newByteChannel(
                    folder.resolve("f"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (int i = 0; i < 40; i++) {
                    file.position(i * 100_000L).write(ByteBuffer.wrap(("part " + i).getBytes(UTF_8)));
                }
            }
            try (var file =
                    FileChannel.open(folder.resolve("hole"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap("x".getBytes(UTF_8)), 1 << 20);
                file.write(ByteBuffer.allocate(1), 5 << 20);
                file.truncate(5 << 20);
            }
            Files.writeString(folder.resolve("g"), "after");
            for (String format : List.of("gnu", "posix --sparse-version=0.0", "posix --sparse-version=0.1", "posix")) {
                Process tar = new ProcessBuilder(("tar -C " + folder + " -S -c -H " + format + " f hole g").split(" "))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                SnapshotId id = store.snapshotter.importTar(store.lease, tar.getInputStream());
                assertThat(tar.waitFor()).isZero();
                assertThat(store.fs(id).resolve("f")).as(format).hasSameBinaryContentAs(folder.resolve("f"));
                assertThat(store.fs(id).resolve("hole")).as(format).hasSameBinaryContentAs(folder.resolve("hole"));
                assertThat(store.fs(id).resolve("g")).hasContent("after");
            }
        }
    }

    /** One file of a random tree. */
    record Node(int kind, byte[] name, byte[] content, int mode, int owner, long time) {}

    @Provide
    Arbitrary<List<Node>> trees() {
        Arbitrary<byte[]> names = Arbitraries.bytes()
                .filter(b -> b != 0 && b != '/' && b != '.')
                .array(byte[].class)
                .ofMinSize(1)
                .ofMaxSize(120);
        Arbitrary<byte[]> content = Arbitraries.bytes().array(byte[].class).ofMaxSize(2000);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 7),
                        names,
                        content,
                        Arbitraries.integers().between(0, 07777),
                        Arbitraries.integers().between(0, Integer.MAX_VALUE),
                        Arbitraries.longs().between(-2_000_000_000L, 10_000_000_000L))
                .as(Node::new)
                .list()
                .ofMaxSize(12);
    }

    @Property(tries = 40, shrinking = ShrinkingMode.BOUNDED)
    void aTreeReadFromItsStreamGivesTheSameStream(@ForAll("trees") List<Node> tree) throws IOException {
        try (Store store = new Store()) {
            SnapshotId id = store.layer(null, root -> plant(root, tree));
            LayerDiff diff = store.snapshotter.diff(id);
            byte[] tar = tar(store, id);
            SnapshotId again = store.snapshotter.importTar(store.lease, new ByteArrayInputStream(tar));

            assertThat(store.snapshotter.diff(again)).isEqualTo(diff);
            assertThat(tar(store, again)).isEqualTo(tar);
        }
    }

    private static void plant(Path root, List<Node> tree) throws IOException {
        Path folder = root;
        Path file = null;
        for (Node node : tree) {
            Path path = folder.resolve(PathBytes.path(node.name()));
            if (Inodes.find(path).isPresent()) {
                continue;
            }
            switch (node.kind()) {
                case 0 -> folder = Files.createDirectory(path);
                case 1 -> Inodes.symlink(PathBytes.of(path.getFileName()), path);
                case 2 -> Inodes.mknod(path, FileStatus.FIFO, 0);
                case 3 -> Inodes.mknod(path, FileStatus.BLOCK, FileStatus.device(node.owner() & 0xfff, node.mode()));
                case 4 -> Files.createLink(path, file == null ? Files.createFile(root.resolve("linked")) : file);
                default -> {
                    Files.write(path, node.content());
                    if (node.kind() == 5) {
                        Inodes.setXattr(path, "user.content", node.content());
                    }
                }
            }
            file = node.kind() == 0 ? file : path;
            Inodes.lchown(path, node.owner(), node.owner() / 2);
            if (!Inodes.status(path).isSymlink()) {
                Inodes.chmod(path, node.mode());
            }
            Inodes.utimensat(path, node.time(), 123);
        }
    }
}
