package dev.wherry.daemon.runtime.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.runtime.spec.ProcessAdditions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFolderTest {

    @TempDir
    private Path home;

    @Test
    void anInterruptedThreadLeavesNothingOfAFolderWithSecrets() throws Exception {
        Path path = home.resolve("bundle");
        ProcessAdditions secret = new ProcessAdditions(
                List.of(), List.of("TOKEN=sesame"), List.of(), OptionalLong.empty(), List.of(), false);
        BundleFolder folder = BundleFolder.make(path, secret);
        Files.writeString(path.resolve("config.json"), "sesame");
        Thread.currentThread().interrupt();
        folder.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(path).doesNotExist();
        assertThat(Mounts.isAnyBelow(home)).isFalse();
    }
}
