package dev.wherry.cli.view.builds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.cli.view.ScreenLine;
import dev.wherry.cli.view.Transfer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a window shows of builds, as whole screens. */
class BuildTreeTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 20 * SECOND;

    private final List<BuildStep> steps = new ArrayList<>();

    @Test
    void oneStageIsARowOfSteps() {
        cached("[1/4] FROM node");
        done("[2/4] COPY . /app", 10, 2);
        running("[3/4] RUN npm ci", 12).output(1, bytes("added 3\nadded 12\nhalf a li"));

        assertThat(screen(50, 20)).isEqualTo("""
                 => CACHED [1/4] FROM node                   0.0s
                 => [2/4] COPY . /app                        2.0s
                 => [3/4] RUN npm ci                         8.0s
                 => => # added 3
                 => => # added 12
                 => => # half a li
                """);
    }

    @Test
    void severalStagesAreBranches() {
        severalStages();

        assertThat(screen(60, 30)).isEqualTo("""
                 => build  3/3, 1 cached                               4.0s
                    ├ CACHED [1/3] FROM golang                         0.0s
                    ├ [2/3] RUN go mod download                        3.0s
                    └ [3/3] RUN go build                               1.0s
                 => web  1/3, 1 cached                                 8.0s
                    ├ CACHED [1/3] FROM node                           0.0s
                    └ [2/3] RUN npm ci                                 8.0s
                      # added 1
                      # added 2
                      # added 3
                 => stage-2  0/4                                       4.0s
                    └ [1/4] FROM debian                                4.0s
                      sha256:aa  [==========>          ]  5.243MB / 10.49MB
                """);
    }

    @Test
    void aLowWindowKeepsWhatRuns() {
        severalStages();

        assertThat(screen(60, 10)).isEqualTo("""
                 => build  3/3, 1 cached                               4.0s
                 => web  1/3, 1 cached                                 8.0s
                    ├ CACHED [1/3] FROM node                           0.0s
                    └ [2/3] RUN npm ci                                 8.0s
                      # added 1
                      # added 2
                      # added 3
                 => stage-2  0/4                                       4.0s
                    └ [1/4] FROM debian                                4.0s
                      sha256:aa  [==========>          ]  5.243MB / 10.49MB
                """);
        assertThat(screen(60, 7)).isEqualTo("""
                 => build  3/3, 1 cached                               4.0s
                 => web  1/3, 1 cached                                 8.0s
                    └ [2/3] RUN npm ci                                 8.0s
                      # added 3
                 => stage-2  0/4                                       4.0s
                    └ [1/4] FROM debian                                4.0s
                      sha256:aa  [==========>          ]  5.243MB / 10.49MB
                """);
        for (int rows = 1; rows < 16; rows++) {
            assertThat(screen(60, rows).lines().count()).isLessThanOrEqualTo(rows);
        }
    }

    @Test
    void aNarrowWindowCutsNamesAndLeavesBarsOut() {
        severalStages();

        assertThat(screen(24, 30)).isEqualTo("""
                 => build  3/3, 1  4.0s
                    ├ CACHED [1/3] 0.0s
                    ├ [2/3] RUN go 3.0s
                    └ [3/3] RUN go 1.0s
                 => web  1/3, 1 ca 8.0s
                    ├ CACHED [1/3] 0.0s
                    └ [2/3] RUN np 8.0s
                      # added 1
                      # added 2
                      # added 3
                 => stage-2  0/4   4.0s
                    └ [1/4] FROM d 4.0s
                      sha256:aa  5.243M
                """);
        assertThat(screen(6, 30).lines())
                .allSatisfy(line -> assertThat(ScreenLine.width(line)).isLessThanOrEqualTo(5));
    }

    @Test
    void escapesInOutputAndNamesAreNotObeyed() {
        running("[1/1] RUN \033[2Jprintf \007", 12)
                .output(2, bytes("\033]0;title\007red \033[31mtext\033[0m\033[10A\n\u009bx"));

        assertThat(screen(50, 9)).isEqualTo("""
                 => [1/1] RUN printf \ufffd                       8.0s
                 => => # red text
                 => => # \ufffdx
                """);
    }

    @Test
    void aLineWrittenOverIsShownOnce() {
        BuildStep step = running("[1/1] RUN curl", 12);
        assertThat(step.output(1, bytes("10%\r20%\r30%\r100%\r\ndone\r\n"))).hasSize(5);

        assertThat(screen(50, 9)).isEqualTo("""
                 => [1/1] RUN curl                           8.0s
                 => => # 100%
                 => => # done
                """);
    }

    @Test
    void theEndShowsEveryStepAndNoOutput() {
        severalStages();
        steps.stream().filter(BuildStep::isRunning).forEach(step -> step.cancel(NOW));
        List<ScreenLine> lines = new BuildTree(59, false, true, NOW).lines(steps, 3);

        assertThat(text(lines, 59)).isEqualTo("""
                 => build  3/3, 1 cached                               4.0s
                    ├ CACHED [1/3] FROM golang                         0.0s
                    ├ [2/3] RUN go mod download                        3.0s
                    └ [3/3] RUN go build                               1.0s
                 => web  2/3, 1 cached                                 8.0s
                    ├ CACHED [1/3] FROM node                           0.0s
                    └ CANCELED [2/3] RUN npm ci                        8.0s
                 => stage-2  1/4                                       4.0s
                    └ CANCELED [1/4] FROM debian                       4.0s
                """);
    }

    private void severalStages() {
        cached("[build 1/3] FROM golang");
        done("[build 2/3] RUN go mod download", 10, 3);
        done("[build 3/3] RUN go build", 13, 1);
        cached("[web 1/3] FROM node");
        running("[web 2/3] RUN npm ci", 12).output(1, bytes("added 1\nadded 2\nadded 3\n"));
        running("[stage-2 1/4] FROM debian", 16).moved.put("sha256:aa", new Transfer(5 << 20, 10 << 20));
    }

    private String screen(int columns, int rows) {
        return text(new BuildTree(columns - 1, false, false, NOW).lines(steps, rows), columns - 1);
    }

    private static String text(List<ScreenLine> lines, int columns) {
        return lines.stream().map(line -> line.fitted(columns) + "\n").collect(Collectors.joining());
    }

    private void cached(String name) {
        BuildStep step = new BuildStep(steps.size() + 1, name, 9 * SECOND);
        step.state = BuildStep.State.CACHED;
        steps.add(step);
    }

    private void done(String name, int start, int seconds) {
        BuildStep step = running(name, start);
        step.state = BuildStep.State.DONE;
        step.durationNanos = seconds * SECOND;
    }

    private BuildStep running(String name, int start) {
        BuildStep step = new BuildStep(steps.size() + 1, name, start * SECOND);
        steps.add(step);
        return step;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
