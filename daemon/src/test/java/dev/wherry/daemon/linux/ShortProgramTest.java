package dev.wherry.daemon.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShortProgramTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private static ShortProgram.Answer run(String script, String input, Duration patience) throws IOException {
        return ShortProgram.run(
                List.of("/bin/sh", "-c", script),
                List.of("A=b c", "PATH=/bin:/usr/bin"),
                input.getBytes(StandardCharsets.UTF_8),
                patience);
    }

    @Test
    void programReadsItsInputAndSaysWhatItDid() throws IOException {
        assertThat(run("cat; echo \"$A\" >&2; exit 3", "in", LONG))
                .isEqualTo(new ShortProgram.Answer(3, "in", "b c\n"));
    }

    @Test
    void signalThatEndedItIsSeen() throws IOException {
        assertThat(run("kill -9 $$", "", LONG).code()).isEqualTo(137);
    }

    @Test
    void moreInputAndOutputThanAPipeHoldsPasses() throws IOException {
        String much = "x".repeat(1 << 20);

        // What it reads it says at once, so that both pipes fill while the other end is still busy.
        assertThat(run("cat >&2", much, LONG).errors()).isEqualTo(much);
    }

    @Test
    void programThatDoesNotReadIsNoFailure() throws IOException {
        assertThat(run("exec <&-; echo done", "x".repeat(1 << 20), LONG).output())
                .isEqualTo("done\n");
    }

    @Test
    void programThatDoesNotEndIsKilledAndReported() {
        // Its end is waited for in any case.
        assertThatThrownBy(() -> run("exec sleep 1000", "", Duration.ofSeconds(1)))
                .hasMessage("it did not end within 1 s");
    }

    @Test
    void interruptionWaitsForTheEnd() throws IOException {
        Thread.currentThread().interrupt();

        assertThat(run("echo done", "", LONG).output()).isEqualTo("done\n");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void absentProgramIsAnError() {
        assertThatThrownBy(() -> ShortProgram.run(List.of("/no/program"), List.of(), new byte[0], LONG))
                .isInstanceOf(SystemCallException.class)
                .hasMessageContaining("/no/program");
    }
}
