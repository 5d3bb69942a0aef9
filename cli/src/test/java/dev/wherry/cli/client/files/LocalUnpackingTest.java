package dev.wherry.cli.client.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalUnpackingTest {

    private static final EntryNames SAME = new EntryNames("x", "x");

    @TempDir
    Path home;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(home.resolve("folder"));
        Files.writeString(home.resolve("victim"), "untouched");
    }

    private LocalUnpackingTest entry(String name, byte type, String link, String content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
        entry.setLinkName(link);
        entry.setSize(content.length());
        tar.putArchiveEntry(entry);
        tar.write(content.getBytes(StandardCharsets.US_ASCII));
        tar.closeArchiveEntry();
        return this;
    }

    private int unpack(EntryNames names) throws IOException {
        tar.finish();
        return LocalUnpacking.run(new ByteArrayInputStream(bytes.toByteArray()), folder, names, false);
    }

    private void assertUntouched() throws IOException {
        assertThat(home.resolve("victim")).hasContent("untouched");
        assertThat(home).isDirectoryContaining(path -> path.equals(folder));
        try (var files = Files.list(home)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void nothingIsWrittenAboveTheFolder() throws IOException {
        entry("x/../../victim", TarConstants.LF_NORMAL, "", "bad");
        assertThatThrownBy(() -> unpack(SAME)).hasMessageContaining("outside the directory");
        assertUntouched();
    }

    @Test
    void aLinkOfTheArchiveIsNotFollowed() throws IOException {
        entry("x", TarConstants.LF_SYMLINK, home.toString(), "");
        entry("x/victim", TarConstants.LF_NORMAL, "", "bad");
        assertThatThrownBy(() -> unpack(SAME)).hasMessageContaining("cannot overwrite non-directory");
        assertUntouched();
    }

    @Test
    void aLinkIsReplacedByAFileOfItsName() throws IOException {
        entry("x", TarConstants.LF_SYMLINK, home.resolve("victim").toString(), "");
        entry("x", TarConstants.LF_NORMAL, "", "good");
        unpack(SAME);
        assertThat(folder.resolve("x")).isRegularFile().hasContent("good");
        assertUntouched();
    }

    @Test
    void aHardLinkReachesFilesOfTheArchiveOnly() throws IOException {
        entry("x", TarConstants.LF_SYMLINK, home.resolve("victim").toString(), "");
        entry("y", TarConstants.LF_LINK, "x", "");
        assertThatThrownBy(() -> unpack(SAME)).hasMessageContaining("not a file of the archive");
        assertUntouched();
    }

    @Test
    void theThingGetsItsNewName() throws IOException {
        entry("old/", TarConstants.LF_DIR, "", "");
        entry("old/older", TarConstants.LF_NORMAL, "", "a");
        entry("old/twin", TarConstants.LF_LINK, "old/older", "");
        unpack(new EntryNames("old", "new"));
        assertThat(folder.resolve("new/older")).hasContent("a");
        assertThat(folder.resolve("new/twin")).hasContent("a");
        assertThat(folder.resolve("old")).doesNotExist();
    }

    @Test
    void devicesAreLeftOutAndCounted() throws IOException {
        entry("x", TarConstants.LF_CHR, "", "").entry("y", TarConstants.LF_FIFO, "", "");
        assertThat(unpack(SAME)).isEqualTo(2);
        assertThat(folder).isEmptyDirectory();
    }
}
