package dev.wherry.daemon.builder.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.builder.context.NamedContexts;
import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepProgress;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.builder.run.RunOptions;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How instructions become a config and a graph. The stages begin from scratch, so that no image is looked up. */
class PlannerTest {

    private final List<String> warnings = new ArrayList<>();

    private Plan plan(String target, Map<String, String> args, String... lines) {
        return plan(target, args, NamedContexts.NONE, lines);
    }

    private Plan plan(NamedContexts contexts, String... lines) {
        return plan(null, Map.of(), contexts, lines);
    }

    private Plan plan(String target, Map<String, String> args, NamedContexts contexts, String... lines) {
        PlanOptions options = new PlanOptions(
                Optional.ofNullable(target),
                args,
                Optional.empty(),
                Map.of(),
                List.of(),
                RunOptions.DEFAULT,
                SourceDate.NONE);
        Dockerfile dockerfile =
                Dockerfile.parse("Dockerfile", String.join("\n", lines).getBytes(UTF_8));
        return new Planner(dockerfile, options, null, contexts, new Platform("linux", "amd64", null))
                .plan(new Warnings());
    }

    private Plan plan(String... lines) {
        return plan(null, Map.of(), lines);
    }

    @Test
    void environmentSeesWhatWasBeforeItsInstruction() {
        assertThat(plan("FROM scratch", "ENV a=1", "ENV a=2 b=$a", "ENV c=$a-$b")
                        .config()
                        .env())
                .contains("a=2", "b=1", "c=2-1");
    }

    @Test
    void anArgumentHasItsDefaultUnlessTheBuildGivesAValue() {
        String[] lines = {"FROM scratch", "ARG V=1", "LABEL v=$V"};
        assertThat(plan(lines).config().labels()).containsEntry("v", "1");
        assertThat(plan(null, Map.of("V", "2"), lines).config().labels()).containsEntry("v", "2");
    }

    @Test
    void anArgumentBeforeFromIsSeenByAStageThatDeclaresIt() {
        String[] lines = {"ARG V=global", "FROM scratch", "LABEL before=[$V]", "ARG V", "LABEL after=[$V]"};
        assertThat(plan(lines).config().labels()).containsEntry("before", "[]").containsEntry("after", "[global]");
    }

    @Test
    void theEnvironmentHidesAnArgument() {
        assertThat(plan(null, Map.of("V", "given"), "FROM scratch", "ARG V", "ENV V=env", "LABEL v=$V")
                        .config()
                        .labels())
                .containsEntry("v", "env");
    }

    @Test
    void platformArgumentsMustBeDeclaredInAStage() {
        assertThat(plan("FROM scratch", "ARG TARGETARCH", "LABEL a=$TARGETARCH")
                        .config()
                        .labels())
                .containsEntry("a", "amd64");
    }

    @Test
    void unusedBuildArgumentsAreWarnedOf() {
        plan(null, Map.of("TYPO", "1", "HTTP_PROXY", "x"), "FROM scratch");
        assertThat(warnings)
                .containsExactly("the build argument TYPO has no effect: no ARG of the stages built declares it");
    }

    @Test
    void proxiesAreSetInBothSpellings() {
        Map<String, String> given = Map.of("http_proxy", "low", "NO_PROXY", "up", "ALL_PROXY", "a", "all_proxy", "b");
        assertThat(new BuildArguments(
                                given, new Platform("linux", "amd64", null), new Platform("linux", "amd64", null), "")
                        .hidden())
                .isEqualTo(Map.of(
                        "HTTP_PROXY",
                        "low",
                        "http_proxy",
                        "low",
                        "NO_PROXY",
                        "up",
                        "no_proxy",
                        "up",
                        "ALL_PROXY",
                        "b",
                        "all_proxy",
                        "b"));
    }

    @Test
    void anImageCanBeReplacedByScratch() {
        NamedContexts contexts = name ->
                name.equals("busybox") ? Optional.of(new NamedContexts.Source.Image("scratch")) : Optional.empty();
        assertThat(plan(contexts, "FROM busybox", "COPY a /a").top().base())
                .hasValueSatisfying(
                        base -> assertThat(((Vertex.Source) base).image()).isEmpty());
    }

    @Test
    void aStageWithoutFilesIsAnEmptySource() {
        for (String[] lines : new String[][] {
            {"FROM scratch AS nothing", "FROM scratch", "COPY --from=nothing / /a"},
            {"FROM scratch", "COPY --from=scratch / /a"},
            {"FROM scratch AS nothing", "FROM scratch", "RUN --mount=from=nothing,target=/a [\"a\"]"},
            {"FROM scratch", "RUN --mount=from=scratch,target=/a [\"a\"]"}
        }) {
            assertThat(((Vertex.Derived) plan(lines).top()).sources())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Vertex.Source.class,
                            source -> assertThat(source.image()).isEmpty());
        }
    }

    @Test
    void workdirIsRelativeToTheOneBefore() {
        assertThat(plan("FROM scratch", "WORKDIR /a", "WORKDIR b", "WORKDIR ../c")
                        .config()
                        .workingDir())
                .isEqualTo("/a/c");
    }

    @Test
    void shellFormRunsUnderTheShell() {
        assertThat(plan("FROM scratch", "CMD echo $HOME").config().cmd())
                .containsExactly("/bin/sh", "-c", "echo $HOME");
        assertThat(plan("FROM scratch", "SHELL [\"/bin/bash\", \"-ec\"]", "CMD x")
                        .config()
                        .cmd())
                .containsExactly("/bin/bash", "-ec", "x");
    }

    @Test
    void anEntrypointDropsTheArgumentsOfTheBaseButNotItsOwn() {
        assertThat(plan("FROM scratch AS base", "CMD [\"a\"]", "FROM base", "ENTRYPOINT [\"e\"]")
                        .config()
                        .cmd())
                .isNull();
        assertThat(plan("FROM scratch", "CMD [\"a\"]", "ENTRYPOINT [\"e\"]")
                        .config()
                        .cmd())
                .containsExactly("a");
    }

    @Test
    void exposedPortsAreExpanded() {
        assertThat(plan("FROM scratch", "ENV P=80", "EXPOSE $P 53/udp 8000-8001")
                        .config()
                        .exposedPorts())
                .containsOnlyKeys("80/tcp", "53/udp", "8000/tcp", "8001/tcp");
    }

    @Test
    void aStageThatNothingNeedsIsNotLookedAt() {
        Plan plan = plan("FROM example.org/never/fetched AS unused", "RUN x", "FROM scratch", "COPY a /a");
        assertThat(plan.steps()).isEqualTo(2);
    }

    @Test
    void aTargetIsFoundByNameOrNumber() {
        String[] lines = {"FROM scratch AS one", "LABEL s=1", "FROM scratch AS two", "LABEL s=2"};
        assertThat(plan("one", Map.of(), lines).config().labels()).containsEntry("s", "1");
        assertThat(plan("1", Map.of(), lines).config().labels()).containsEntry("s", "2");
        assertThatThrownBy(() -> plan("tow", Map.of(), lines))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("target stage \"tow\" is not in Dockerfile: did you mean \"two\"?");
    }

    @Test
    void stepsAreCountedByStage() {
        assertThat(plan("FROM scratch", "WORKDIR /app").top().step().name()).isEqualTo("[2/2] WORKDIR /app");
        assertThat(plan("FROM scratch AS a", "COPY f /f", "FROM scratch AS b", "COPY --from=a / /x")
                        .top()
                        .step()
                        .name())
                .isEqualTo("[b 2/2] COPY --from=a / /x");
    }

    @Test
    void everyInstructionIsInTheHistory() {
        assertThat(plan("FROM scratch", "ENV A=1", "COPY a /a", "CMD [\"x\", \"y\"]")
                        .history())
                .extracting(line -> switch (line) {
                    case HistoryLine.Inherited inherited -> "inherited";
                    case HistoryLine.Layer layer -> layer.createdBy();
                    case HistoryLine.Metadata metadata -> metadata.createdBy();
                })
                .containsExactly("ENV A=1", "COPY a /a # buildkit", "CMD [\"x\" \"y\"]");
    }

    @Test
    void whatMakesNoSenseIsSaidWithItsPlace() {
        assertThatThrownBy(() -> plan("FROM scratch", "RUN x"))
                .isInstanceOf(DockerfileException.class)
                .hasMessage("Dockerfile:2:1: RUN has nothing to run in: the stage begins from scratch");
        assertThatThrownBy(() -> plan("ARG B", "FROM $B"))
                .hasMessage("Dockerfile:2:1: the base image's name is empty: give its ARG a value");
        assertThatThrownBy(() -> plan("FROM scratch", "COPY --chmod=u+q a /a"))
                .hasMessage("Dockerfile:2:1: --chmod takes a number such as 755 or changes such as u=rwX,go=rX, not"
                        + " \"u+q\": 'q' is out of place");
        assertThatThrownBy(() -> plan("FROM scratch", "COPY --exclude=[a a /a"))
                .hasMessage("Dockerfile:2:1: --exclude: invalid pattern \"[a\": it has a [ without its ]");
    }

    private final class Warnings implements BuildProgress {

        @Override
        public StepProgress step(Step step) {
            throw new AssertionError("nothing is built: " + step);
        }

        @Override
        public void warning(Warning warning) {
            warnings.add(warning.message());
        }
    }
}
