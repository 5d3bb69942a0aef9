package dev.wherry.daemon.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandleTest {

    @TempDir
    private Path folder;

    @Test
    void secondCloseLeavesTheDescriptorsOfOthersAlone() throws Exception {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Files.createFile(inner.resolve("file"));
        Handle first = Handle.folder(folder);
        first.close();
        // It gets the lowest number that is free, which is the one of before.
        try (Handle second = Handle.folder(inner)) {
            first.close();

            assertThat(second.names()).hasSize(1);
        }
    }
}
