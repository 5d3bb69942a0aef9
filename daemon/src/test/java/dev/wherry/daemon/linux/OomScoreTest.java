package dev.wherry.daemon.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OomScoreTest {

    @Test
    void adjustsTheProcessThatWasStartedThenAndNoOther() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            int pid = (int) process.pid();
            long startTime = Processes.startTime(pid).orElseThrow();
            Path file = Path.of("/proc/" + pid + "/oom_score_adj");

            OomScore.adjust(pid, startTime, 700);
            assertThat(file).hasContent("700");

            OomScore.adjust(pid, startTime + 1, 800);
            assertThat(Files.readString(file).strip()).isEqualTo("700");
        } finally {
            process.destroyForcibly().waitFor();
        }
        OomScore.adjust((int) process.pid(), 1, 900);
    }
}
