package dev.wherry.daemon.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.PathBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The bytes of a layer's tar stream. Registries, saved images and the databases of running daemons know layers by the
 * digest of these bytes, so a change here, as by another version of the tar library, makes every layer a new one.
 */
class GoldenStreamTest {

    private static final byte[] BYTES = {0, 'a', '\n', (byte) 0x80, (byte) 0xff, '='};

    @Test
    void theSameFilesGiveTheSameBytesInEveryVersion() throws IOException {
        try (Store store = new Store()) {
            SnapshotId base = store.layer(null, root -> Files.writeString(root.resolve("gone"), "x"));
            SnapshotId id = store.layer(base, GoldenStreamTest::plant);

            assertThat(store.snapshotter.diff(id).diffId())
                    .hasToString("sha256:79146bb16a0f966850e8b06f02f67dedc0a52dff767e3e7438991bb2858a7f6e");
        }
    }

    private static void plant(Path root) throws IOException {
        Files.delete(root.resolve("gone"));
        Path folder = Files.createDirectory(root.resolve("folder"));
        Path file = Files.writeString(folder.resolve("file"), "content");
        Files.createLink(folder.resolve("hard"), file);
        Inodes.setXattr(file, "user.bytes", BYTES);
        Inodes.setXattr(file, "user.empty", new byte[0]);
        Inodes.setXattr(folder, "user.text", "text".getBytes(StandardCharsets.UTF_8));
        Files.write(folder.resolve("blocks"), new byte[1024]);
        Inodes.symlink(new byte[] {'/', (byte) 0xff}, folder.resolve("symlink"));
        Inodes.symlink("x".repeat(99).getBytes(StandardCharsets.US_ASCII), folder.resolve("symlink99"));
        Inodes.symlink("ä".repeat(60).getBytes(StandardCharsets.UTF_8), folder.resolve("symlink120"));
        Inodes.mknod(folder.resolve("character"), FileStatus.CHARACTER, FileStatus.device(5, 1));
        Inodes.mknod(folder.resolve("block"), FileStatus.BLOCK, FileStatus.device(0xfff, 0xfffff));
        Inodes.mknod(folder.resolve("fifo"), FileStatus.FIFO, 0);
        Path odd = Files.createFile(folder.resolve(PathBytes.path(new byte[] {(byte) 0xff, ' '})));
        Inodes.lchown(odd, 3_000_000, -2);
        Path early = Files.createFile(folder.resolve("ä".repeat(100)));
        Path inLong = Files.createDirectory(folder.resolve("d".repeat(91)));
        Files.createFile(inLong.resolve("f"));
        for (Path path : List.of(inLong.resolve("f"), inLong, early, odd, file, folder)) {
            Inodes.chmod(path, path.equals(file) ? 04755 : 0700);
        }
        try (var all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                Inodes.utimensat(path, path.equals(early) ? -5 : 1_000_000_000L, 999_999_999);
            }
        }
        Inodes.utimensat(inLong, 1_000_000_000L, 0);
        Inodes.utimensat(folder, 9_999_999_999L, 0);
    }
}
