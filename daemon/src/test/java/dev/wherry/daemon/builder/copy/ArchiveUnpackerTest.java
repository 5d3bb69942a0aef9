package dev.wherry.daemon.builder.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.snapshot.unpack.UnpackLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ADD makes of archives, and of files that claim to be some. */
class ArchiveUnpackerTest {

    @TempDir
    Path folder;

    private Path root;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

    @BeforeEach
    void makeRoot() throws IOException {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        root = Files.createDirectories(folder.resolve("outer/root"));
    }

    private ArchiveUnpackerTest file(String name, String content) {
        return entry(name, '0', content, "", _ -> {});
    }

    private ArchiveUnpackerTest entry(
            String name, char type, String content, String link, Consumer<TarArchiveEntry> more) {
        try {
            TarArchiveEntry entry = new TarArchiveEntry(name, (byte) type, true);
            entry.setLinkName(link);
            entry.setSize(content.length());
            entry.setMode(type == '5' ? 0755 : 0644);
            entry.setModTime(1_000_000_000L);
            more.accept(entry);
            tar.putArchiveEntry(entry);
            tar.write(content.getBytes(UTF_8));
            tar.closeArchiveEntry();
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path archive() throws IOException {
        tar.finish();
        return Files.write(folder.resolve("archive"), bytes.toByteArray());
    }

    private void unpack() throws IOException {
        ArchiveUnpacker.unpack(archive(), root, Optional.empty(), UnpackLimits.DEFAULT);
    }

    private String read(String path) throws IOException {
        return Files.readString(root.resolve(path));
    }

    private void nothingIsOutside() throws IOException {
        try (var around = Files.list(folder.resolve("outer"))) {
            assertThat(around).containsExactly(root);
        }
    }

    @Test
    void isToldByContentAndNotByName() throws IOException {
        file("f", "x");
        Path plain = archive();
        Path gzip = folder.resolve("no-suffix");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write(bytes.toByteArray());
        }
        Path text = Files.writeString(folder.resolve("text.tar"), "x".repeat(2000));
        Path compressedText = Files.write(
                folder.resolve("text.tar.zst"), Zstd.compress("x".repeat(2000).getBytes(UTF_8)));
        Path empty = Files.write(folder.resolve("empty.tar"), new byte[10240]);
        assertThat(ArchiveUnpacker.isArchive(plain)).isTrue();
        assertThat(ArchiveUnpacker.isArchive(gzip)).isTrue();
        assertThat(ArchiveUnpacker.isArchive(text)).isFalse();
        assertThat(ArchiveUnpacker.isArchive(compressedText)).isFalse();
        assertThat(ArchiveUnpacker.isArchive(empty)).isFalse();
        assertThat(ArchiveUnpacker.isArchive(Files.createFile(folder.resolve("nothing"))))
                .isFalse();
    }

    @Test
    void directoriesAreMergedAndAllElseIsReplaced() throws IOException {
        Files.createDirectories(root.resolve("kept"));
        Files.createDirectories(root.resolve("was-folder/below"));
        Files.writeString(root.resolve("kept/old"), "old");
        Files.writeString(root.resolve("was-file"), "old");
        Files.writeString(root.resolve("file"), "old");
        Files.createSymbolicLink(root.resolve("was-link"), Path.of("kept"));
        entry("kept/", '5', "", "", entry -> entry.setMode(0711))
                .file("kept/new", "new")
                .file("was-folder", "new");
        file("file", "new").entry("was-file/", '5', "", "", _ -> {}).file("was-file/in", "in");
        entry("was-link/", '5', "", "", _ -> {})
                .entry("hard", '1', "", "file", _ -> {})
                .file("made/up/f", "f");
        unpack();
        assertThat(read("kept/old") + read("kept/new") + read("was-folder") + read("file"))
                .isEqualTo("oldnewnewnew");
        assertThat(read("was-file/in")).isEqualTo("in");
        assertThat(root.resolve("was-link")).isDirectory().isEmptyDirectory();
        assertThat(Inodes.status(root.resolve("hard")).inode())
                .isEqualTo(Inodes.status(root.resolve("file")).inode());
        FileStatus kept = Inodes.status(root.resolve("kept"));
        assertThat(kept.permissions()).isEqualTo(0711);
        assertThat(kept.modified()).isEqualTo(1_000_000);
        assertThat(Inodes.status(root.resolve("made/up")).permissions()).isEqualTo(0755);
    }

    @Test
    void theRootKeepsItsAttributes() throws IOException {
        entry("./", '5', "", "", entry -> entry.setMode(0700)).file("./f", "f");
        unpack();
        assertThat(Inodes.status(root).permissions()).isEqualTo(0755);
        assertThat(read("f")).isEqualTo("f");
    }

    @Test
    void anEntryOfTheRootItselfIsSkippedWhateverItIs() throws IOException {
        entry("", '0', "content", "", _ -> {}).entry(".", '2', "", "elsewhere", _ -> {});
        file("f", "f");
        unpack();
        assertThat(root).isDirectoryContaining(path -> path.endsWith("f")).isDirectoryNotContaining("glob:**content");
        assertThat(read("f")).isEqualTo("f");
        nothingIsOutside();
    }

    @Test
    void ownersAreTheArchivesUnlessAskedForOthers() throws IOException {
        entry("d/f", '0', "x", "", entry -> {
            entry.setIds(7, 8);
            entry.setMode(04755);
        });
        unpack();
        FileStatus own = Inodes.status(root.resolve("d/f"));
        assertThat(own.uid() * 100 + own.gid()).isEqualTo(708);
        assertThat(own.permissions()).isEqualTo(04755);
        ArchiveUnpacker.unpack(folder.resolve("archive"), root, Optional.of(new Owner(5, 6)), UnpackLimits.DEFAULT);
        FileStatus asked = Inodes.status(root.resolve("d/f"));
        assertThat(asked.uid() * 100 + asked.gid()).isEqualTo(506);
        assertThat(asked.permissions()).isEqualTo(04755);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../out", "a/../../out", "/../out"})
    void namesThatLeadOutAreRefused(String name) {
        file(name, "x");
        assertThatThrownBy(this::unpack)
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("tar entry \"%s\" leads out of the root".formatted(name));
    }

    @Test
    void absoluteNamesAndDotsInsideStayInside() throws IOException {
        file("/etc/f", "f").file("a/../b", "b");
        unpack();
        assertThat(read("etc/f") + read("b")).isEqualTo("fb");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../..", "/outer", "../../../../../../../.."})
    void linksLeadNowhereOutOfTheRoot(String target) throws IOException {
        entry("link", '2', "", target, _ -> {}).file("link/f", "x");
        unpack();
        assertThat(Files.readSymbolicLink(root.resolve("link"))).hasToString(target);
        nothingIsOutside();
    }

    @Test
    void linksThatWereThereLeadNowhereOutEither() throws IOException {
        Files.createSymbolicLink(root.resolve("up"), Path.of("../.."));
        Files.createSymbolicLink(root.resolve("file"), folder.resolve("outer"));
        file("up/f", "x").file("file", "x");
        unpack();
        assertThat(read("f") + read("file")).isEqualTo("xx");
        nothingIsOutside();
    }

    @ParameterizedTest
    @CsvSource({"../out, leads out of the root", "/nope, is no file there", "., is no file there"})
    void hardLinksReachNothingOutside(String target, String reason) throws IOException {
        Files.writeString(folder.resolve("outer/out"), "secret");
        entry("hard", '1', "", target, _ -> {});
        assertThatThrownBy(this::unpack)
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("tar entry \"hard\" is a hard link to \"%s\", which %s".formatted(target, reason));
    }

    @Test
    void devicesAreMadeButNoWhiteouts() throws IOException {
        file("kept", "x").file(".wh.kept", "").entry("null", '3', "", "", entry -> {
            entry.setDevMajor(1);
            entry.setDevMinor(3);
        });
        unpack();
        assertThat(Inodes.status(root.resolve("null")).minor()).isEqualTo(3);
        assertThat(root.resolve("kept")).exists();
        assertThat(root.resolve(".wh.kept")).doesNotExist();
    }

    @Test
    void aDeviceThatWouldBeAWhiteoutIsRefused() {
        entry("gone", '3', "", "", _ -> {});
        assertThatThrownBy(this::unpack).hasMessage("tar entry \"gone\" is a device 0:0, which cannot exist");
    }

    @Test
    void namesBeyondWhatTheKernelTakesAreRefused() {
        file("x/".repeat(2048) + "f", "x");
        assertThatThrownBy(this::unpack)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("4097 bytes, which is too long");
    }

    @Test
    void limitsHold() throws IOException {
        file("a", "x".repeat(600)).file("b", "x".repeat(600));
        Path archive = archive();
        assertThatThrownBy(() ->
                        ArchiveUnpacker.unpack(archive, root, Optional.empty(), new UnpackLimits(1, 1 << 20, 1 << 20)))
                .isInstanceOf(ExhaustedException.class)
                .hasMessage("the tar stream has more than 1 entries");
        assertThatThrownBy(() ->
                        ArchiveUnpacker.unpack(archive, root, Optional.empty(), new UnpackLimits(10, 1000, 1 << 20)))
                .isInstanceOf(ExhaustedException.class)
                .hasMessage("the files in the tar stream are larger than 1000 bytes");
    }

    @Test
    void aCutArchiveIsDamaged() throws IOException {
        file("a", "x".repeat(6000)).archive();
        Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes.toByteArray(), 3000));
        assertThat(ArchiveUnpacker.isArchive(cut)).isTrue();
        assertThatThrownBy(() -> ArchiveUnpacker.unpack(cut, root, Optional.empty(), UnpackLimits.DEFAULT))
                .isInstanceOf(CorruptContentException.class);
    }
}
