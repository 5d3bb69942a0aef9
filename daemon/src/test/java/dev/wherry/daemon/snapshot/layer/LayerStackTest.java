package dev.wherry.daemon.snapshot.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerStackTest {

    @TempDir
    Path folder;

    private Path top;
    private Path bottom;
    private LayerStack stack;

    @BeforeEach
    void layers() throws IOException {
        top = Files.createDirectory(folder.resolve("top"));
        bottom = Files.createDirectory(folder.resolve("bottom"));
        stack = new LayerStack(List.of(top, bottom));
    }

    private static void write(Path layer, String path) throws IOException {
        Path file = layer.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, path);
    }

    private static void link(Path layer, String path, String to) throws IOException {
        Files.createDirectories(layer.resolve(path).getParent());
        Inodes.symlink(to.getBytes(StandardCharsets.UTF_8), layer.resolve(path));
    }

    private Path file(String path) throws IOException {
        return stack.find(Path.of(path), true).orElseThrow().file();
    }

    @Test
    void theUppermostFileIsFoundWithItsLayer() throws IOException {
        write(bottom, "a/one");
        write(bottom, "a/two");
        write(top, "a/two");

        assertThat(stack.find(Path.of("/a/one"), true).orElseThrow().layer()).isEqualTo(1);
        assertThat(stack.find(Path.of("/a/two"), true).orElseThrow().layer()).isEqualTo(2);
        assertThat(stack.children(stack.find(Path.of("/a"), true).orElseThrow()))
                .extracting(child -> child.path().toString())
                .containsExactly("a/one", "a/two");
    }

    @Test
    void linksLeadFromLayerToLayerAndNeverOut() throws IOException {
        write(bottom, "etc/passwd");
        write(bottom, "usr/etc/shadow");
        link(top, "absolute", "/etc/passwd");
        link(top, "out", "../../../../../../etc/passwd");
        link(top, "folder", "/usr/../etc");
        // As a layer that was unpacked over nothing may have it: a link where the layer below has a folder.
        link(top, "usr", folder.toString());

        assertThat(file("/absolute")).isEqualTo(bottom.resolve("etc/passwd"));
        assertThat(file("/out")).isEqualTo(bottom.resolve("etc/passwd"));
        assertThat(stack.find(Path.of("/usr/etc/shadow"), true)).isEmpty();
        assertThat(stack.find(Path.of("/usr/bottom/etc/passwd"), true)).isEmpty();
    }

    @Test
    void dotsMeanWhatTheyMeanToAProcess() throws IOException {
        write(bottom, "a/b/file");
        write(bottom, "a/other");
        link(bottom, "b", "a/b");

        assertThat(file("/b/../other")).isEqualTo(bottom.resolve("a/other"));
        assertThat(file("/../../a/./other")).isEqualTo(bottom.resolve("a/other"));
        assertThat(stack.find(Path.of("/a/other/.."), true)).isEmpty();
    }

    @Test
    void linksInACircleAreRefused() throws IOException {
        link(top, "a", "b");
        link(bottom, "b", "a");

        assertThatThrownBy(() -> stack.find(Path.of("/a"), true)).isInstanceOf(FileSystemLoopException.class);
        assertThat(stack.find(Path.of("/a"), false)).isPresent();
    }

    @Test
    void whiteoutsAndOpaqueFoldersHide() throws IOException {
        write(bottom, "gone");
        write(bottom, "opaque/lower");
        Inodes.mknod(top.resolve("gone"), FileStatus.CHARACTER, 0);
        Files.createDirectory(top.resolve("opaque"));
        OpaqueMark.make(top.resolve("opaque"));

        assertThat(stack.find(Path.of("/gone"), true)).isEmpty();
        assertThat(stack.find(Path.of("/opaque/lower"), true)).isEmpty();
        assertThat(stack.children(stack.root().orElseThrow()))
                .extracting(child -> child.path().toString())
                .containsExactly("opaque");
    }

    @Test
    void walkEndsWithItsCall() throws IOException {
        write(top, "a/one");
        StackedFile a = stack.find(Path.of("/a"), true).orElseThrow();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> stack.children(a)).isInstanceOf(CancelledException.class);
        } finally {
            Thread.interrupted();
        }
    }
}
