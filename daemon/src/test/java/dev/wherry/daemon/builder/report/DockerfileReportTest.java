package dev.wherry.daemon.builder.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.builder.context.NamedContexts;
import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.builder.plan.PlanOptions;
import dev.wherry.daemon.builder.plan.Planner;
import dev.wherry.daemon.builder.plan.StoredBaseImages;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepProgress;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A report refuses what a build refuses, after its warnings. No base image is in the store. */
class DockerfileReportTest {

    private final List<String> warnings = new ArrayList<>();
    private String ignoreFile = "";

    private DockerfileReport report(String... lines) {
        byte[] text = String.join("\n", lines).getBytes(UTF_8);
        PlanOptions options = PlanOptions.DEFAULT;
        Dockerfile dockerfile = Dockerfile.parse("Dockerfile", text);
        return new DockerfileReport(
                dockerfile,
                text,
                options,
                () -> IgnorePatterns.parse(ignoreFile.getBytes(UTF_8)),
                _ -> Optional.empty(),
                () -> new Planner(
                        dockerfile,
                        options,
                        new StoredBaseImages(_ -> Optional.empty()),
                        NamedContexts.NONE,
                        new Platform("linux", "amd64", null)));
    }

    private void check(String... lines) {
        report(lines).check(new Warnings());
    }

    @Test
    void aMistakeInAnyInstructionIsSaidWithItsPlace() {
        assertThatThrownBy(() -> check("FROM busybox", "ENV A=\"x"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Dockerfile:2:7: missing \" in \"\"x\"");
        assertThatThrownBy(() -> check("FROM busybox", "COPY --chmod=64a x /x"))
                .hasMessageStartingWith("Dockerfile:2:1: --chmod takes a number");
        assertThatThrownBy(() -> check("FROM busybox", "FROM scratch", "STOPSIGNAL SIGNONE"))
                .hasMessageStartingWith("Dockerfile:3:");
        assertThatThrownBy(() -> report("FROM busybox", "ENV A='x").outline())
                .hasMessageStartingWith("Dockerfile:2:7:");
    }

    @Test
    void theIgnoreFileIsReadWhetherFilesAreCopiedOrNot() {
        ignoreFile = "a\n!\n";
        assertThatThrownBy(() -> check("FROM busybox")).hasMessage(".dockerignore:2:1: ! needs a pattern after it");
        assertThatThrownBy(() -> report("FROM busybox", "COPY a /").outline()).hasMessageContaining(".dockerignore:2");
    }

    @ParameterizedTest
    @CsvSource({
        "$BASE, the base image's name is empty: give its ARG a value",
        "docker:${BASE}-dind, 'invalid reference \"docker.io/library/docker:-dind\"'"
    })
    void aBaseWithoutADefaultIsWarnedOfAndRefused(String base, String message) {
        assertThatThrownBy(() -> check("ARG BASE", "FROM " + base))
                .hasMessageStartingWith("Dockerfile:2:1: " + message);
        assertThat(warnings)
                .containsExactly("2 InvalidDefaultArgInFrom: Default value for ARG " + base
                        + " results in empty or invalid base image name");
    }

    @Test
    void emptyContinuationsAreFoundAfterAnUnreadableInstruction() {
        String text = "FROM busybox as one\nRUUN a \\\n\n b\nMAINTAINER me\nRUN c \\\n\n d\n";
        DockerfileReport.warnOfUnreadable("Dockerfile", text.getBytes(UTF_8), Map.of(), new Warnings());
        assertThat(warnings)
                .containsExactly(
                        "1 FromAsCasing: 'as' and 'FROM' keywords' casing do not match",
                        "4 NoEmptyContinuation: Empty continuation line",
                        "8 NoEmptyContinuation: Empty continuation line");
    }

    @Test
    void aNameThatIsNoReferenceIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> check("FROM scratch", "FROM busybox:a:b"))
                .hasMessageStartingWith("Dockerfile:2:1: invalid reference \"docker.io/library/busybox:a");
        assertThatThrownBy(() -> check("FROM scratch", "COPY --from=busybox:a:b / /"))
                .hasMessageStartingWith("Dockerfile:2:1: invalid reference \"docker.io/library/busybox:a");
    }

    @Test
    void aVariableThatTheBaseMaySetIsNoMistake() {
        check("FROM golang", "WORKDIR $GOPATH/${X:?}", "STOPSIGNAL $SIGNAL", "VOLUME $DATA", "EXPOSE $PORT");
        assertThat(warnings)
                .hasSize(5)
                .allMatch(text -> text.endsWith("(unless the base image sets it, which is not in the" + " store)"));
    }

    @Test
    void warningsBeforeAMistakeAreKept() {
        byte[] text = "FROM busybox as Base\nMAINTAINER me\nRUN a \\\n\n b\nRUUN x\nMAINTAINER you\n".getBytes(UTF_8);
        DockerfileReport.warnOfUnreadable("Dockerfile", text, Map.of(), new Warnings());
        assertThat(warnings.stream().map(text2 -> text2.replaceFirst(":.*", "")))
                .containsExactly(
                        "1 FromAsCasing", "1 StageNameCasing", "2 MaintainerDeprecated", "5 NoEmptyContinuation");
        warnings.clear();
        byte[] skipped = "# check=skip=all\nFROM a\nMAINTAINER me\nRUUN x\n".getBytes(UTF_8);
        DockerfileReport.warnOfUnreadable("Dockerfile", skipped, Map.of(), new Warnings());
        assertThat(warnings).isEmpty();
    }

    private final class Warnings implements BuildProgress {

        @Override
        public StepProgress step(Step step) {
            throw new AssertionError("nothing is built: " + step);
        }

        @Override
        public void warning(Warning warning) {
            warnings.add(warning.line() + " "
                    + warning.finding().orElseThrow().rule().title() + ": " + warning.message());
        }
    }
}
