package dev.wherry.daemon.builder.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.metadata.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentDigestsTest {

    @TempDir
    Path root;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createDirectories(root.resolve("d/e"));
        Files.writeString(root.resolve("d/file"), "content");
        Files.writeString(root.resolve("d/e/other"), "more");
        Files.createSymbolicLink(root.resolve("d/link"), Path.of("file"));
    }

    private Digest digest(ContentDigests digests) {
        return digests.of(
                new FileTree(root, IgnorePatterns.none(), "x").select(List.of("d"), SourceRules.DEFAULT), false);
    }

    private Digest digest() {
        return digest(new ContentDigests());
    }

    @Test
    void ignoresModificationTimeAndOwner() throws IOException {
        Digest before = digest();
        Files.setLastModifiedTime(root.resolve("d/file"), FileTime.fromMillis(12345));
        Inodes.lchown(root.resolve("d/file"), 1234, 1234);
        assertThat(digest()).isEqualTo(before);
    }

    @Test
    void countsContentModeLinkTargetNameAndCopiedAttributes() throws IOException {
        Digest first = digest();
        Files.writeString(root.resolve("d/file"), "CONTENT");
        Digest content = digest();
        Files.setPosixFilePermissions(root.resolve("d/file"), PosixFilePermissions.fromString("rwx------"));
        Digest mode = digest();
        Files.delete(root.resolve("d/link"));
        Files.createSymbolicLink(root.resolve("d/link"), Path.of("e"));
        Digest link = digest();
        Files.move(root.resolve("d/e"), root.resolve("d/f"));
        Digest name = digest();
        Inodes.setXattr(root.resolve("d/file"), "user.note", new byte[] {1});
        Digest attribute = digest();
        assertThat(List.of(first, content, mode, link, name, attribute)).doesNotHaveDuplicates();
    }

    @Test
    void aChangeThatKeepsSizeAndModificationTimeIsSeen() throws IOException, InterruptedException {
        ContentDigests digests = new ContentDigests();
        Path file = root.resolve("d/file");
        FileTime time = Files.getLastModifiedTime(file);
        Digest before = remembered(digests);
        Files.writeString(file, "CONTENT");
        Files.setLastModifiedTime(file, time);
        assertThat(digest(digests)).isNotEqualTo(before);
    }

    /** Reads until the files are old enough to be remembered. */
    private Digest remembered(ContentDigests digests) {
        return await().until(() -> digest(digests), _ -> digests.known().size() == 2);
    }

    @Test
    void aFileChangedJustNowIsNotRemembered() throws IOException {
        ContentDigests digests;
        long began;
        do {
            // On a busy machine the file may be old before it is read.
            digests = new ContentDigests();
            began = System.nanoTime();
            Files.writeString(root.resolve("d/file"), "just now");
            digest(digests);
        } while (System.nanoTime() - began > Duration.ofMillis(20).toNanos());
        long inode = Inodes.status(root.resolve("d/file")).inode();
        assertThat(digests.known().keySet()).noneMatch(known -> known.inode() == inode);
    }

    @Test
    void whatIsKnownSurvivesARestartAndDamageIsNoticed(@TempDir Path stores) throws Exception {
        Layout layout = new Layout(stores, stores);
        DigestFiles files = new DigestFiles(layout);
        remembered(files.of(root));
        files.save(root);
        assertThat(new DigestFiles(layout).of(root).known()).hasSize(2);
        try (var kept = Files.list(layout.contexts())) {
            Path file = kept.findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            bytes[20] ^= 1;
            Files.write(file, bytes);
        }
        assertThat(new DigestFiles(layout).of(root).known()).isEmpty();
    }
}
