package dev.wherry.cli.view.builds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.v1.BuildCheck;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildWarning;
import dev.wherry.v1.SourceExcerpt;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BuildWarningsTest {

    private static final BuildWarning PLAIN = BuildWarning.newBuilder()
            .setFile("Dockerfile")
            .setMessage("something\nodd")
            .build();

    private static final BuildWarning CHECKED = BuildWarning.newBuilder()
            .setFile("Dockerfile")
            .setLine(3)
            .setMessage("wrong")
            .setCheck(BuildCheck.newBuilder()
                    .setRule("Rule")
                    .setDescription("what is right")
                    .setRemedy("do this")
                    .setColumn(5)
                    .setEndLine(4)
                    .setExcerpt(SourceExcerpt.newBuilder()
                            .setFirstLine(2)
                            .addAllLines(List.of("RUN a", "RUN b \\", "\033[1mc", ""))))
            .build();

    @Test
    void warningsComeAfterTheStepsAndSayWhatToDo() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        BuildDisplay progress =
                BuildDisplay.plain(new PrintStream(written, true, StandardCharsets.UTF_8), System::nanoTime);
        progress.show(BuildEvent.newBuilder().setWarning(PLAIN).build());
        progress.show(BuildEvent.newBuilder().setWarning(CHECKED).build());
        assertThat(written.size()).isZero();

        progress.close();
        progress.close();

        assertThat(written.toString(StandardCharsets.UTF_8))
                .isEqualTo("\n 2 warnings found:\n - something odd\n - Rule: wrong (line 3)\n   do this\n\n");
    }

    @Test
    void checkShowsTheLinesThatAreMeant() {
        assertThat(new CheckReport(List.of(CHECKED)).lines())
                .containsExactly(
                        "Check complete, 1 warning has been found!",
                        "",
                        "WARNING: Rule",
                        "wrong",
                        "To do: do this",
                        "Dockerfile:3:5",
                        "--------------------",
                        "   2 |     RUN a",
                        "   3 | >>> RUN b \\",
                        "   4 | >>> c",
                        "   5 |",
                        "--------------------");
    }
}
