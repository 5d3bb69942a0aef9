package dev.wherry.daemon.builder.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.builder.context.FileTree;
import dev.wherry.daemon.builder.context.Selection;
import dev.wherry.daemon.builder.context.SourceRules;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.explain.Place;
import dev.wherry.daemon.builder.plan.InstructionOrigin;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where COPY puts things, and what it takes along. */
class TransferTest {

    private static final Step STEP = Step.of(
            "[2/2] COPY",
            new Place(1, "stage-0", "COPY …"),
            new InstructionOrigin(new Position("Dockerfile", 2, 1, 2), "COPY …"));

    @TempDir
    Path context;

    @TempDir
    Path rootfs;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createDirectories(context.resolve("dir/sub"));
        Files.writeString(context.resolve("file"), "file");
        Files.writeString(context.resolve("other"), "other");
        Files.writeString(context.resolve("dir/inner"), "inner");
        Files.writeString(context.resolve("dir/sub/deep"), "deep");
        Files.createDirectories(rootfs.resolve("etc"));
        Files.writeString(rootfs.resolve("etc/passwd"), "root:x:0:0::/:\nann:x:1001:1002::/:\n");
        Files.writeString(rootfs.resolve("etc/group"), "root:x:0:\nstaff:x:50:\n");
    }

    private List<InlineFile> documents = List.of();

    private void copyAs(String owner, Integer mode, String destination, String... sources) {
        CopyRules rules = CopyRules.DEFAULT
                .withOwner(Optional.ofNullable(owner))
                .withMode(Optional.ofNullable(mode).map(ModeChange::octal));
        new Transfer(spec(rules, destination, sources), STEP, rootfs).copy(select(sources));
    }

    private CopySpec spec(CopyRules rules, String destination, String... sources) {
        return new CopySpec(
                new CopySpec.Origin.Context(), Arrays.asList(sources), documents, destination, rules, false);
    }

    private Selection select(String... sources) {
        return new FileTree(context, IgnorePatterns.none(), "the context")
                .select(Arrays.asList(sources), SourceRules.DEFAULT);
    }

    private void copy(String destination, String... sources) {
        copyAs(null, null, destination, sources);
    }

    private String read(String path) throws IOException {
        return Files.readString(rootfs.resolve(path));
    }

    @Test
    void aFileGoesToTheNameGiven() throws IOException {
        copy("/new/name", "file");
        assertThat(read("new/name")).isEqualTo("file");
    }

    @Test
    void aFileGoesIntoADirectory() throws IOException {
        copy("/new/", "file", "other");
        copy("/etc", "file");
        assertThat(read("new/file")).isEqualTo("file");
        assertThat(read("new/other")).isEqualTo("other");
        assertThat(read("etc/file")).isEqualTo("file");
    }

    @Test
    void theContentsOfADirectoryAreMerged() throws IOException {
        Files.createDirectories(rootfs.resolve("app/sub"));
        Files.writeString(rootfs.resolve("app/sub/kept"), "kept");
        Files.writeString(rootfs.resolve("app/inner"), "old");
        copy("/app", "dir");
        assertThat(read("app/inner")).isEqualTo("inner");
        assertThat(read("app/sub/deep")).isEqualTo("deep");
        assertThat(read("app/sub/kept")).isEqualTo("kept");
    }

    @Test
    void aLinkInTheImageLeadsNowhereOutOfIt() throws IOException {
        Path outside = Files.createTempDirectory("outside");
        Files.createSymbolicLink(rootfs.resolve("link"), outside);
        copy("/link/", "file");
        assertThat(outside).isEmptyDirectory();
        assertThat(rootfs.resolve(outside.toString().substring(1)).resolve("file"))
                .exists();
        Files.delete(outside);
    }

    @Test
    void aLinkInTheWayOfAFileIsReplaced() throws IOException {
        Path victim = Files.createTempFile("victim", "");
        Files.createDirectories(rootfs.resolve("app"));
        Files.createSymbolicLink(rootfs.resolve("app/inner"), victim);
        copy("/app", "dir");
        assertThat(victim).isEmptyFile();
        assertThat(read("app/inner")).isEqualTo("inner");
        Files.delete(victim);
    }

    @Test
    void timesAndPermissionsAreKeptAndTheOwnerIsRoot() throws IOException {
        Files.setLastModifiedTime(context.resolve("file"), FileTime.fromMillis(1_000_000));
        Inodes.chmod(context.resolve("file"), 04751);
        Inodes.lchown(context.resolve("file"), 7, 7);
        Inodes.chmod(context.resolve("file"), 04751);
        copy("/file", "file");
        FileStatus status = Inodes.status(rootfs.resolve("file"));
        assertThat(status.modified()).isEqualTo(1000);
        assertThat(status.permissions()).isEqualTo(04751);
        assertThat(status.uid()).isZero();
    }

    @Test
    void ownerAndModeAreTakenFromTheInstruction() throws IOException {
        copyAs("ann:staff", 0600, "/app/", "dir");
        for (String path : List.of("app", "app/inner", "app/sub/deep")) {
            FileStatus status = Inodes.status(rootfs.resolve(path));
            assertThat(List.of(status.uid(), status.gid())).as(path).containsExactly(1001, 50);
        }
        assertThat(Inodes.status(rootfs.resolve("app/inner")).permissions()).isEqualTo(0600);
        assertThatThrownBy(() -> copyAs("bob", null, "/x", "file"))
                .isInstanceOf(DockerfileException.class)
                .hasMessage("Dockerfile:2:1: COPY …: unable to find user \"bob\" in /etc/passwd");
    }

    @Test
    void aDirectoryWithSetGroupIdGivesNobodyItsGroup() throws IOException {
        for (String owner : Arrays.asList(null, "root:root")) {
            Path shared = Files.createDirectory(rootfs.resolve("shared-" + owner));
            Inodes.lchown(shared, 0, 50);
            Inodes.chmod(shared, 02775);
            copyAs(owner, null, "/" + shared.getFileName() + "/", "dir", "file");
            copyAs(owner, null, "/" + shared.getFileName() + "/new/", "file");
            for (String path : List.of("inner", "sub", "sub/deep", "file", "new", "new/file")) {
                FileStatus status = Inodes.status(shared.resolve(path));
                assertThat(status.gid())
                        .as("the group of %s, owner %s", path, owner)
                        .isZero();
            }
            assertThat(Inodes.status(shared).permissions()).isEqualTo(02775);
        }
    }

    @Test
    void aNameAloneBringsItsGroupAndANumberIsBoth() throws IOException {
        copyAs("ann", null, "/a", "file");
        copyAs("7", null, "/b", "file");
        FileStatus named = Inodes.status(rootfs.resolve("a"));
        FileStatus numbered = Inodes.status(rootfs.resolve("b"));
        assertThat(List.of(named.uid(), named.gid())).containsExactly(1001, 1002);
        assertThat(List.of(numbered.uid(), numbered.gid())).containsExactly(7, 7);
    }

    @Test
    void aFileDoesNotReplaceADirectory() {
        assertThatThrownBy(() -> {
                    Files.createDirectories(rootfs.resolve("app/inner"));
                    copy("/app", "dir");
                })
                .isInstanceOf(DockerfileException.class)
                .hasMessage("Dockerfile:2:1: COPY …: /app/inner: a file cannot replace a directory");
    }

    @Test
    void documentsAreFilesOfTheirOwn() throws IOException {
        documents = List.of(new InlineFile("one", "1\n"));
        copyAs("7", 0751, "/new/file");
        assertThat(read("new/file")).isEqualTo("1\n");
        FileStatus status = Inodes.status(rootfs.resolve("new/file"));
        assertThat(List.of(status.uid(), status.gid(), status.permissions())).containsExactly(7, 7, 0751);
        documents = List.of(new InlineFile("one", "1"), new InlineFile("two", "2"));
        copy("/all/", "file");
        assertThat(read("all/one") + read("all/two") + read("all/file")).isEqualTo("12file");
        assertThat(Inodes.status(rootfs.resolve("all/one")).permissions()).isEqualTo(0644);
    }

    @Test
    void aDocumentCannotLeaveItsDirectory() {
        documents = List.of(new InlineFile("..", "x"));
        assertThatThrownBy(() -> copy("/all/in/")).hasMessageEndingWith(": a file cannot replace a directory");
    }

    @Test
    void namesOfOneFileStayOneFile() throws IOException {
        Files.createLink(context.resolve("dir/sub/again"), context.resolve("dir/inner"));
        copy("/app", "dir");
        FileStatus inner = Inodes.status(rootfs.resolve("app/inner"));
        assertThat(Inodes.status(rootfs.resolve("app/sub/again")).inode()).isEqualTo(inner.inode());
        assertThat(inner.inode())
                .isNotEqualTo(Inodes.status(context.resolve("dir/inner")).inode());
    }

    @Test
    void filesOfALayerHaveOneNameEachAfterARebuildToo() throws IOException {
        copy("/app", "dir");
        Path next = Files.createDirectory(rootfs.resolveSibling(rootfs.getFileName() + "-next"));
        Files.writeString(context.resolve("dir/sub/deep"), "changed");
        Map<Path, byte[]> then = Map.of(Path.of("inner"), new byte[] {1}, Path.of("sub/deep"), new byte[] {2});
        Map<Path, byte[]> now = Map.of(Path.of("inner"), new byte[] {1}, Path.of("sub/deep"), new byte[] {3});
        // Tells where the content came from.
        Files.writeString(rootfs.resolve("app/inner"), "INNER");
        for (boolean reflinks : List.of(true, false)) {
            repeat(next, reflinks, then, now);
            for (String file : List.of("inner", "sub/deep")) {
                FileStatus status = Inodes.status(next.resolve("app").resolve(file));
                FileStatus source = Inodes.status(context.resolve("dir").resolve(file));
                assertThat(status.links()).isEqualTo(1);
                assertThat(status.permissions()).isEqualTo(source.permissions());
                assertThat(status.modified()).isEqualTo(source.modified());
            }
            assertThat(next.resolve("app/inner")).hasContent(reflinks ? "INNER" : "inner");
            assertThat(next.resolve("app/sub/deep")).hasContent("changed");
            assertThat(Inodes.status(rootfs.resolve("app/inner")).links()).isEqualTo(1);
            assertThat(Inodes.status(next.resolve("app/sub")).modified())
                    .isEqualTo(Inodes.status(context.resolve("dir/sub")).modified());
            FileTrees.remove(next.resolve("app"));
        }
        FileTrees.remove(next);
    }

    private void repeat(Path root, boolean reflinks, Map<Path, byte[]> then, Map<Path, byte[]> now) {
        Transfer transfer = new Transfer(
                spec(CopyRules.DEFAULT, "/app", "dir"),
                STEP,
                root,
                OptionalLong.empty(),
                Optional.of(new LayerFiles(reflinks, Optional.of(new EarlierLayer(rootfs, then, now)))));
        transfer.copy(select("dir"));
        transfer.finish(root);
    }

    @Test
    void aLargeFileOfAnOddSizeArrivesWhole() throws IOException {
        byte[] content = new byte[9 * 1024 * 1024 + 123];
        new Random(1).nextBytes(content);
        Files.write(context.resolve("large"), content);
        copy("/large", "large");
        assertThat(rootfs.resolve("large")).hasBinaryContent(content);
    }

    @Test
    void manyFilesArriveSideBySide() throws IOException {
        for (int i = 0; i < 500; i++) {
            Files.writeString(context.resolve("dir/sub/" + i), "number " + i);
        }
        copy("/app", "dir");
        for (int i = 0; i < 500; i++) {
            assertThat(read("app/sub/" + i)).isEqualTo("number " + i);
        }
    }
}
