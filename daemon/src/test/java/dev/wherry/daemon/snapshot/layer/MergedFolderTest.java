package dev.wherry.daemon.snapshot.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergedFolderTest {

    @TempDir
    Path folder;

    private Path top;
    private Path bottom;
    private Path target;

    @BeforeEach
    void layers() throws IOException {
        top = Files.createDirectory(folder.resolve("top"));
        bottom = Files.createDirectory(folder.resolve("bottom"));
        target = Files.createDirectory(folder.resolve("target"));
    }

    private static void write(Path layer, String path, String text) throws IOException {
        Path file = layer.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void link(String to, Path path) throws IOException {
        Inodes.symlink(to.getBytes(StandardCharsets.UTF_8), path);
    }

    private MergedFolder find(String path) throws IOException {
        return MergedFolder.find(new LowerLayers(List.of(top, bottom)), Path.of(path))
                .orElseThrow();
    }

    private List<String> names(String path) throws IOException {
        return FileTrees.list(target.resolve(path)).stream()
                .map(child -> child.getFileName().toString())
                .toList();
    }

    @Test
    void upperFilesHideLowerOnesAndWhiteoutsBoth() throws IOException {
        for (String file : List.of("same", "gone", "kept", "inner/lower", "opaque/lower", "replaced/lower")) {
            write(bottom, "data/" + file, "lower");
        }
        for (String file : List.of("same", "inner/upper", "opaque/upper", "replaced")) {
            write(top, "data/" + file, "upper");
        }
        OpaqueMark.make(top.resolve("data/opaque"));
        Inodes.mknod(top.resolve("data/gone"), FileStatus.CHARACTER, 0);

        find("/data").copyTo(target);

        assertThat(names("")).containsExactly("inner", "kept", "opaque", "replaced", "same");
        assertThat(target.resolve("same")).hasContent("upper");
        assertThat(target.resolve("replaced")).hasContent("upper");
        assertThat(names("inner")).containsExactly("lower", "upper");
        assertThat(names("opaque")).containsExactly("upper");
        assertThat(OpaqueMark.is(target.resolve("opaque"))).isFalse();
    }

    @Test
    void ownersModesTimesAttributesAndLinksAreKept() throws IOException {
        write(top, "data/file", "text");
        Path file = top.resolve("data/file");
        Files.createLink(top.resolve("data/same"), file);
        link("file", top.resolve("data/link"));
        Inodes.lchown(top.resolve("data/link"), 5, 6);
        Inodes.lchown(file, 1, 2);
        Inodes.chmod(file, 04755);
        Inodes.setXattr(
                file, "security.capability", new byte[] {1, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        Inodes.utimensat(file, 1000, 7);
        Inodes.lchown(top.resolve("data"), 3, 4);
        Inodes.chmod(top.resolve("data"), 01770);
        Inodes.utimensat(top.resolve("data"), 2000, 0);

        find("/data").copyTo(target);

        FileStatus copied = Inodes.status(target.resolve("file"));
        assertThat(List.of(copied.uid(), copied.gid(), copied.permissions(), copied.links()))
                .containsExactly(1, 2, 04755, 2);
        assertThat(copied.modified()).isEqualTo(1000);
        assertThat(copied.modifiedNanos()).isEqualTo(7);
        assertThat(Inodes.status(target.resolve("same")).inode()).isEqualTo(copied.inode());
        assertThat(Inodes.xattr(target.resolve("file"), "security.capability")).isPresent();
        assertThat(Inodes.status(target.resolve("link")).uid()).isEqualTo(5);
        FileStatus root = Inodes.status(target);
        assertThat(List.of(root.uid(), root.gid(), root.permissions())).containsExactly(3, 4, 01770);
        assertThat(root.modified()).isEqualTo(2000);
    }

    @Test
    void linksOnTheWayStayWithinTheLayers() throws IOException {
        write(bottom, "real/data/file", "found");
        link("/../../real", top.resolve("absolute"));
        link("real/data", top.resolve("relative"));
        link("loop", top.resolve("loop"));

        find("/absolute/data").copyTo(target);

        assertThat(target.resolve("file")).hasContent("found");
        assertThat(find("/relative").topFirst()).containsExactly(bottom.resolve("real/data"));
        LowerLayers layers = new LowerLayers(List.of(top, bottom));
        assertThat(MergedFolder.find(layers, Path.of("/loop"))).isEmpty();
        assertThat(MergedFolder.find(layers, Path.of("/nowhere"))).isEmpty();
        assertThat(MergedFolder.find(layers, Path.of("/real/data/file"))).isEmpty();
    }

    @Test
    void manyFilesAreCopiedSideBySide() throws IOException {
        for (int i = 0; i < 1000; i++) {
            write(top, "data/" + i % 10 + "/" + i, Integer.toString(i));
        }
        find("/data").copyTo(target);

        for (int i = 0; i < 1000; i++) {
            assertThat(target.resolve(i % 10 + "/" + i)).hasContent(Integer.toString(i));
        }
    }
}
