package dev.wherry.daemon.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program is one that this kernel runs, which waits, reaps, and ends when it is killed. */
class PauseProgramTest {

    /** The bit of SIGCHLD in the masks of signals. */
    private static final long CHILD = 1L << 16;

    @Test
    void waitsAndIgnoresItsChildren(@TempDir Path folder) throws Exception {
        Path program = PauseProgram.write(folder.resolve("pause"));
        Process process = new ProcessBuilder(program.toString()).start();
        try {
            Path status = Path.of("/proc", Long.toString(process.pid()), "status");
            while (!field(status, "State").startsWith("S")
                    || (Long.parseUnsignedLong(field(status, "SigIgn"), 16) & CHILD) == 0) {
                assertThat(process.isAlive()).isTrue();
                Thread.sleep(5);
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void isWrittenOnce(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("pause");
        PauseProgram.write(file);
        Object inode = Files.getAttribute(file, "unix:ino");

        PauseProgram.write(file);

        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
        assertThat(Files.size(file)).isLessThan(256);
    }

    private static String field(Path status, String name) throws Exception {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }
}
