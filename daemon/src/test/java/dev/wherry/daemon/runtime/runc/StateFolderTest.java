package dev.wherry.daemon.runtime.runc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Containers that wait as those of runc and crun do, each played by a shell. */
@Timeout(60)
class StateFolderTest {

    @TempDir
    Path folder;

    private Path fifo;

    @BeforeEach
    void make() throws Exception {
        fifo = folder.resolve("exec.fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
    }

    private Process shell(String script) throws IOException {
        return new ProcessBuilder("sh", "-c", script).directory(folder.toFile()).start();
    }

    @Test
    void runcWaitsForAReader() throws Exception {
        Files.createFile(folder.resolve("state.json"));
        Process waiting = shell("printf x > exec.fifo");

        assertThat(StateFolder.of(folder).release()).isTrue();
        assertThat(waiting.waitFor()).isZero();
        assertThat(fifo).doesNotExist();
    }

    @Test
    void crunWaitsForAByte() throws Exception {
        Files.createFile(folder.resolve("status"));
        // Opened for writing too, so that it does not wait for a writer to open it; then it says that it has.
        Process waiting = shell("exec 3<>exec.fifo; echo open; head -c 1 <&3 >read; stat -c %s read");
        assertThat(waiting.inputReader().readLine()).isEqualTo("open");

        assertThat(StateFolder.of(folder).release()).isTrue();
        assertThat(waiting.inputReader().readLine()).isEqualTo("1");
        assertThat(fifo).doesNotExist();
    }

    @Test
    void containerThatNobodyWaitsInIsLeftToItsRuntime() throws Exception {
        Files.createFile(folder.resolve("status"));

        assertThat(StateFolder.of(folder).release()).isFalse();
        assertThat(fifo).exists();
    }

    @Test
    void foldersOfOtherRuntimesAreLeftAlone() {
        assertThat(StateFolder.of(folder).release()).isFalse();
        assertThat(StateFolder.of(folder).isAll()).isFalse();
        assertThat(fifo).exists();
    }
}
