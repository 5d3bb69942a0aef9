package dev.wherry.cli.client.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.OutputEntry;
import dev.wherry.v1.OutputEntry.Type;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderTargetTest {
    @TempDir
    private Path home;

    private final List<String> warnings = new ArrayList<>();
    private Path folder;
    private FolderTarget target;

    @BeforeEach
    void open() throws IOException {
        folder = home.resolve("out");
        target = FolderTarget.of(folder, warnings::add);
    }

    private void entry(Type type, String path, int mode, String link) throws IOException {
        target.begin(OutputEntry.newBuilder()
                .setType(type)
                .setPath(ByteString.copyFromUtf8(path))
                .setMode(mode)
                .setModified(1_000_000_000)
                .setLink(ByteString.copyFromUtf8(link))
                .build());
    }

    private void file(String path, String content) throws IOException {
        entry(Type.TYPE_FILE, path, 0640, "");
        target.write(ByteString.copyFromUtf8(content));
    }

    @Test
    void blocksOfZerosAreHoles() throws IOException {
        byte[] content = new byte[4 << 20];
        content[10_000] = 1;
        content[3 << 20] = 2;
        entry(Type.TYPE_FILE, "mostly", 0640, "");
        for (int at = 0; at < content.length; at += 30_001) {
            target.write(ByteString.copyFrom(content, at, Math.min(30_001, content.length - at)));
        }
        entry(Type.TYPE_FILE, "hole", 0640, "");
        target.write(ByteString.copyFrom(new byte[1 << 20]));
        entry(Type.TYPE_FILE, "empty", 0640, "");
        target.finish();

        assertThat(folder.resolve("mostly")).hasBinaryContent(content);
        assertThat(folder.resolve("hole")).hasBinaryContent(new byte[1 << 20]);
        assertThat(folder.resolve("empty")).isEmptyFile();
        assertThat(kibibytesOnDisk("mostly")).isLessThanOrEqualTo(16);
        assertThat(kibibytesOnDisk("hole")).isLessThanOrEqualTo(8);
    }

    private long kibibytesOnDisk(String file) throws IOException {
        Process du = new ProcessBuilder("du", "-k", folder.resolve(file).toString()).start();
        return Long.parseLong(new String(du.getInputStream().readAllBytes()).split("\t")[0]);
    }

    @Test
    void filesKeepModesTimesAndLinks() throws IOException {
        entry(Type.TYPE_DIRECTORY, "d/", 0500, "");
        file("d/f", "content");
        entry(Type.TYPE_HARD_LINK, "d/hard", 0640, "d/f");
        entry(Type.TYPE_SYMLINK, "link", 0777, "/etc/passwd");
        entry(Type.TYPE_SPECIAL, "fifo", 0644, "");
        target.finish();

        assertThat(folder.resolve("d/hard")).hasContent("content");
        assertThat((Integer) Files.getAttribute(folder.resolve("d"), "unix:mode") & 07777)
                .isEqualTo(0500);
        assertThat((Integer) Files.getAttribute(folder.resolve("d/f"), "unix:mode") & 07777)
                .isEqualTo(0640);
        for (String name : List.of("d", "d/f", "link")) {
            assertThat(Files.getLastModifiedTime(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)
                            .toMillis())
                    .as(name)
                    .isEqualTo(1_000_000_000_000L);
        }
        assertThat(Files.readSymbolicLink(folder.resolve("link"))).hasToString("/etc/passwd");
        assertThat(warnings).singleElement().asString().contains("1 device or pipe");
    }

    @Test
    void linksInTheFolderAreReplacedNotFollowed() throws IOException {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Path precious = Files.writeString(elsewhere.resolve("f"), "precious");
        Files.createSymbolicLink(folder.resolve("d"), elsewhere);
        Files.createSymbolicLink(folder.resolve("f"), precious);

        file("d/f", "new");
        file("f", "new");
        target.finish();

        assertThat(precious).hasContent("precious");
        assertThat(folder.resolve("d/f")).hasContent("new");
        assertThat(Files.isSymbolicLink(folder.resolve("d"))).isFalse();
        assertThat(folder.resolve("f")).hasContent("new");
    }

    @Test
    void linkOfTheResultIsNotFollowedByWhatComesAfterIt() throws IOException {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        entry(Type.TYPE_SYMLINK, "d", 0777, elsewhere.toString());
        file("d/f", "new");
        target.finish();

        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void hardLinkToWhatLiesBehindALinkIsRefused() throws IOException {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("f"), "precious");
        Files.createSymbolicLink(folder.resolve("d"), elsewhere);

        assertThatThrownBy(() -> entry(Type.TYPE_HARD_LINK, "f", 0644, "d/f")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../f", "/f", "a/../../f", "..", "", ".", "a/./b", "a\0b"})
    void namesThatLeadOutAreRefused(String name) {
        assertThatThrownBy(() -> file(name, "x")).isInstanceOf(IOException.class);
        assertThat(home.resolve("f")).doesNotExist();
    }

    @Test
    void folderInTheWayOfAFileIsKept() throws IOException {
        Files.createDirectories(folder.resolve("src/deep"));

        assertThatThrownBy(() -> file("src", "x"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("is a directory here");
        assertThat(folder.resolve("src/deep")).isDirectory();
    }

    @Test
    void namesNeedNotBeText() throws IOException {
        target.begin(OutputEntry.newBuilder()
                .setType(Type.TYPE_FILE)
                .setPath(ByteString.copyFrom(new byte[] {'a', (byte) 0xff, ' ', '%'}))
                .setMode(0644)
                .build());
        target.finish();

        try (var files = Files.list(folder)) {
            assertThat(files.map(RawPath::bytes).map(bytes -> bytes.substring(bytes.size() - 4)))
                    .containsExactly(ByteString.copyFrom(new byte[] {'a', (byte) 0xff, ' ', '%'}));
        }
    }

    /** Compares entries, each a type, path, content and link, and returns which of them are wanted. */
    private BitSet wanted(Object[]... entries) throws Exception {
        for (Object[] entry : entries) {
            byte[] content = ((String) entry[2]).getBytes(StandardCharsets.UTF_8);
            target.compare(OutputEntry.newBuilder()
                    .setType((Type) entry[0])
                    .setPath(ByteString.copyFromUtf8((String) entry[1]))
                    .setMode(0640)
                    .setModified(1_000_000_000)
                    .setSize(content.length)
                    .setDigest(ByteString.copyFrom(
                            MessageDigest.getInstance("SHA-256").digest(content)))
                    .setLink(ByteString.copyFromUtf8((String) entry[3]))
                    .build());
        }
        return BitSet.valueOf(target.wanted().getEntries().toByteArray());
    }

    private static Object[] described(Type type, String path, String content, String link) {
        return new Object[] {type, path, content, link};
    }

    private static Object[] described(String path, String content) {
        return described(Type.TYPE_FILE, path, content, "");
    }

    private void fill() throws IOException {
        entry(Type.TYPE_DIRECTORY, "d/", 0755, "");
        file("d/f", "content");
        entry(Type.TYPE_HARD_LINK, "d/h", 0640, "d/f");
        entry(Type.TYPE_SYMLINK, "d/l", 0777, "f");
        target.finish();
        target = FolderTarget.of(folder, warnings::add);
    }

    @Test
    void whatIsThereIsNeitherWantedNorWritten() throws Exception {
        fill();
        Object inode = Files.getAttribute(folder.resolve("d/f"), "unix:ino");
        Files.setLastModifiedTime(folder.resolve("d/f"), FileTime.fromMillis(5));

        BitSet wanted = wanted(
                described(Type.TYPE_DIRECTORY, "d/", "", ""),
                described("d/f", "content"),
                described(Type.TYPE_HARD_LINK, "d/h", "", "d/f"),
                described(Type.TYPE_SYMLINK, "d/l", "", "f"));
        entry(Type.TYPE_DIRECTORY, "d/", 0755, "");
        target.finish();

        assertThat(wanted.stream()).containsExactly(0);
        assertThat(Files.getAttribute(folder.resolve("d/f"), "unix:ino")).isEqualTo(inode);
        assertThat(Files.getLastModifiedTime(folder.resolve("d/f")).toMillis()).isEqualTo(1_000_000_000_000L);
    }

    @Test
    void whatDiffersIsWanted() throws Exception {
        fill();

        assertThat(wanted(
                                described(Type.TYPE_DIRECTORY, "d/", "", ""),
                                described("d/f", "CONTENT"),
                                described("d/l", "f"),
                                described(Type.TYPE_HARD_LINK, "d/h", "", "d/f"),
                                described(Type.TYPE_SYMLINK, "d/f", "", "f"),
                                described(Type.TYPE_SYMLINK, "d/l", "", "h"),
                                described("d/new", ""),
                                described(Type.TYPE_SPECIAL, "d/null", "", ""))
                        .cardinality())
                .isEqualTo(8);
    }

    @Test
    void aFileOfAnotherModeIsWanted() throws Exception {
        fill();
        Files.setAttribute(folder.resolve("d/f"), "unix:mode", 0600);

        assertThat(wanted(described("d/f", "content")).get(0)).isTrue();
    }

    @Test
    void nothingIsComparedOutsideOfTheFolderOrThroughLinks() throws Exception {
        Path outside = Files.createDirectory(home.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "content");
        Files.setAttribute(outside.resolve("secret"), "unix:mode", 0640);
        Files.createSymbolicLink(folder.resolve("away"), outside);
        Files.createSymbolicLink(folder.resolve("link"), outside.resolve("secret"));
        FileTime time = Files.getLastModifiedTime(outside.resolve("secret"));

        assertThat(wanted(described("away/secret", "content"), described("link", "content"))
                        .cardinality())
                .isEqualTo(2);
        for (String path : List.of("../outside/secret", outside + "/secret", "d/../../outside/secret")) {
            assertThatThrownBy(() -> wanted(described(path, "content"))).isInstanceOf(IOException.class);
        }
        target.finish();

        assertThat(Files.getLastModifiedTime(outside.resolve("secret"))).isEqualTo(time);
    }

    @Test
    void whatIsThereCannotBeMovedAwayByLinks() throws Exception {
        Path outside = Files.createDirectory(home.resolve("outside"));
        fill();
        wanted(described("d/f", "content"));

        assertThatThrownBy(() -> entry(Type.TYPE_SYMLINK, "d", 0777, outside.toString()))
                .isInstanceOf(Failure.class);

        assertThat(folder.resolve("d")).isDirectory();
        assertThat(outside).isEmptyDirectory();
    }
}
