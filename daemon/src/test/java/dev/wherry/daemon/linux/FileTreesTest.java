package dev.wherry.daemon.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.CancelledException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreesTest {

    @TempDir
    Path folder;

    @Test
    void sizeCountsEachFileOnce() throws Exception {
        Files.writeString(Files.createDirectory(folder.resolve("in")).resolve("five"), "12345");
        Files.createLink(folder.resolve("again"), folder.resolve("in/five"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("in/five"));

        assertThat(FileTrees.size(folder)).isEqualTo(5);
    }

    @Test
    void measuringEndsWithItsCall() throws Exception {
        // The first system call of a process loads a library, which an interrupt is not for.
        FileTrees.size(folder);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> FileTrees.size(folder)).isInstanceOf(CancelledException.class);
        } finally {
            Thread.interrupted();
        }
    }
}
