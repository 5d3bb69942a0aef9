package dev.wherry.cli.view.builds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.wherry.cli.view.Terminal;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildResult;
import dev.wherry.v1.ShellOffer;
import dev.wherry.v1.StepDone;
import dev.wherry.v1.StepOutput;
import dev.wherry.v1.StepStarted;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BuildDisplayTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8);
    private final AtomicLong clock = new AtomicLong();

    @Test
    void plainLinesCarryTheNumberOfTheirStep() {
        BuildDisplay progress = BuildDisplay.plain(err, clock::get);
        progress.show(started(3, "[2/4] WORKDIR /app", true));
        progress.show(done(3, 0, ""));
        progress.show(started(4, "[3/4] RUN make", false));
        clock.set(412_000_000);
        progress.show(output(4, "cc \033[1mmain\033[0m.c\npartial"));
        progress.show(done(4, 500_000_000, ""));
        progress.show(started(5, "[4/4] RUN false", false));
        progress.show(done(5, 100_000_000, "exit code 1"));
        progress.close();

        assertThat(text()).isEqualTo("""
                        #3 [2/4] WORKDIR /app
                        #3 CACHED

                        #4 [3/4] RUN make
                        #4 0.412 cc main.c
                        #4 0.412 partial
                        #4 DONE 0.5s

                        #5 [4/4] RUN false
                        #5 ERROR: exit code 1

                        """);
    }

    @Test
    void whileAShellHasTheTerminalNothingElseIsShown() {
        BuildDisplay progress = BuildDisplay.plain(err, clock::get);
        progress.show(started(1, "[a] RUN x", false));
        progress.show(started(2, "[b] RUN y", false));
        progress.pause(
                ShellOffer.newBuilder().setStep(1).setProblem("exit code 2").build());
        progress.show(output(2, "two\n"));

        assertThat(text()).isEqualTo("""
                        #1 [a] RUN x
                        #1 ...

                        #2 [b] RUN y

                        [a] RUN x failed: exit code 2. This shell has the state it left; the build fails when the shell ends.
                        """);
        written.reset();
        progress.resume();
        progress.show(done(1, 0, "exit code 2"));

        assertThat(text()).isEqualTo("""
                        #2 [b] RUN y
                        #2 0.000 two
                        #2 ...

                        #1 [a] RUN x
                        #1 ERROR: exit code 2

                        """);
    }

    @Test
    void plainSaysWhenTheConnectionIsLostAndThereAgain() {
        BuildDisplay progress = BuildDisplay.plain(err, clock::get);
        progress.show(started(1, "[1/1] RUN x", false));
        progress.lost("build1", Duration.ofMillis(57_900));
        progress.again("build1");
        progress.show(output(1, "one\n"));

        assertThat(text()).isEqualTo("""
                        #1 [1/1] RUN x
                        #1 ...

                        connection to build1 lost: trying again for 58 s
                        connection to build1: connected again
                        #1 [1/1] RUN x
                        #1 0.000 one
                        """);
    }

    @Test
    void liveShowsALostConnectionWhileItIsLost() {
        BuildDisplay progress = BuildDisplay.live(err, () -> new Terminal.Size(80, 24), clock::get);
        progress.show(started(1, "[1/1] RUN x", false));
        progress.lost("build1", Duration.ofSeconds(58));
        progress.pause(ShellOffer.newBuilder().setStep(1).build());
        progress.resume();
        assertThat(text()).contains("connection to build1 lost: trying again for 58 s");
        written.reset();

        progress.again("build1");
        progress.close();

        assertThat(text()).doesNotContain("connection");
    }

    @Test
    void plainNamesAStepAgainAfterAnotherOneSpoke() {
        BuildDisplay progress = BuildDisplay.plain(err, clock::get);
        progress.show(started(1, "[a] RUN x", false));
        progress.show(started(2, "[b] RUN y", false));
        progress.show(output(1, "one\n"));

        assertThat(text()).isEqualTo("#1 [a] RUN x\n#1 ...\n\n#2 [b] RUN y\n#2 ...\n\n#1 [a] RUN x\n#1 0.000 one\n");
    }

    @Test
    void failureIsReportedWithTheLastOutput() {
        BuildDisplay progress = BuildDisplay.plain(err, clock::get);
        progress.show(started(1, "[1/1] RUN false", false));
        progress.show(output(1, "nothing works\n"));
        progress.show(done(1, 1, "exit code 1"));
        progress.close();
        written.reset();
        progress.reportFailure();

        assertThat(text()).isEqualTo("------\n > [1/1] RUN false:\nnothing works\n------\n");
    }

    @Test
    void liveFrameFitsTheWindowAndEndsWithTheCursorShown() {
        BuildDisplay progress = BuildDisplay.live(err, () -> new Terminal.Size(40, 24), clock::get);
        progress.show(started(1, "[1/2] FROM node", true));
        progress.show(started(2, "[2/2] COPY a-very-long-name-that-does-not-fit /app", false));
        progress.show(done(2, 1_500_000_000, ""));
        clock.set(1_600_000_000);
        progress.close();

        assertThat(text())
                .isEqualTo("\033[?25l\r[+] Building 1.6s (2/2) FINISHED\033[K\n"
                        + " => CACHED [1/2] FROM node         0.0s\033[K\n"
                        + " => [2/2] COPY a-very-long-name-th 1.5s\033[K\n"
                        + "\033[J\033[?25h");
    }

    @Test
    void aStepThatAnotherBuildRunsIsSaidToBeJoined() {
        clock.set(10_000_000_000L);
        BuildDisplay progress = BuildDisplay.plain(err, clock::get);
        progress.show(BuildEvent.newBuilder()
                .setStarted(StepStarted.newBuilder()
                        .setStep(2)
                        .setName("[2/2] RUN make")
                        .setRunningNanos(3_000_000_000L))
                .build());
        progress.show(output(2, "so far\n"));

        assertThat(text()).isEqualTo("""
                #2 [2/2] RUN make
                #2 another build runs this step already: joined
                #2 3.000 so far
                """);
    }

    @Test
    void summarySaysWhatTheCacheSavedAndWhatTookLongest() {
        BuildDisplay progress = BuildDisplay.plain(err, clock::get);
        for (int i = 1; i <= 5; i++) {
            progress.show(started(i, "[" + i + "/5] RUN " + i, false));
            progress.show(done(i, i * 400_000_000L, ""));
        }
        progress.close();
        written.reset();
        progress.summarise(BuildResult.newBuilder()
                .setStepsTotal(12)
                .setStepsCached(7)
                .setSavedNanos(41_230_000_000L)
                .build());

        assertThat(text()).isEqualTo("""
                12 steps: 7 from cache, 5 run; the cache saved 41.2 s
                slowest:
                    2.0s  [5/5] RUN 5
                    1.6s  [4/5] RUN 4
                    1.2s  [3/5] RUN 3
                """);
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    private static BuildEvent started(int step, String name, boolean cached) {
        return BuildEvent.newBuilder()
                .setStarted(StepStarted.newBuilder().setStep(step).setName(name).setCached(cached))
                .build();
    }

    private static BuildEvent output(int step, String text) {
        return BuildEvent.newBuilder()
                .setOutput(StepOutput.newBuilder().setStep(step).setData(ByteString.copyFromUtf8(text)))
                .build();
    }

    private static BuildEvent done(int step, long nanos, String error) {
        return BuildEvent.newBuilder()
                .setDone(StepDone.newBuilder()
                        .setStep(step)
                        .setDurationNanos(nanos)
                        .setError(error))
                .build();
    }
}
