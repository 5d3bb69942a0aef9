package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The build checks, what else can be asked of a Dockerfile, and stages that are built again. */
class CheckIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @Test
    void aBuildTellsItsWarningsAtItsEnd() throws IOException {
        Project project = Project.of(daemon, "FROM busybox as Base\nENV A=$UNKNOWN\nCMD echo hello\n");

        Outcome build = project.build("-t", "warned").ok();

        assertThat(build.stderr())
                .contains("""

                 4 warnings found:
                 - FromAsCasing: 'as' and 'FROM' keywords' casing do not match (line 1)
                   write FROM and AS in the same case
                 - StageNameCasing: Stage name 'Base' should be lowercase (line 1)
                   write the stage's name in lower case
                 - UndefinedVar: Usage of undefined variable '$UNKNOWN' (line 2)
                   declare it in this stage with ARG or ENV, or correct its name
                 - JSONArgsRecommended: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals (line 3)
                   write a JSON array, ["program", "argument"], or set SHELL when a shell is meant

                """.replace("                 ", " ").replace("                ", ""));
        assertThat(build.stderr().indexOf("warnings found"))
                .isGreaterThan(build.stderr().lastIndexOf("CMD echo hello"));
        assertThat(project.build("-q").ok().stderr()).isEmpty();
    }

    @Test
    void aBuildThatHasNothingWrongWarnsOfNothing() throws IOException {
        Project project = Project.of(daemon, "FROM busybox\nENV P=$PATH:/x\nCMD [\"sh\"]\n");

        assertThat(project.build().ok().stderr()).doesNotContain("warning");
    }

    @Test
    void buildArgumentsWithoutEffectAreWarnedOfInTheSamePlace() throws IOException {
        Project project = Project.of(daemon, "FROM busybox\nARG VERSION\n");

        assertThat(project.build("--build-arg", "VERSON=1").ok().stderr())
                .contains(" 1 warning found:\n - the build argument VERSON has no effect", "(did you mean VERSION?)");
    }

    @Test
    void checkAloneShowsTheLinesAndNeedsNoBaseImage() throws IOException {
        Project project = Project.of(daemon, "FROM not.here.example/base\nWORKDIR app\nRUN true\n");

        Outcome check = ask(project, "--check").exits(1);

        assertThat(check.stdout()).isEqualTo("""
                Check complete, 1 warning has been found!

                WARNING: WorkdirRelativePath
                Relative workdir "app" can have unexpected results if the base image changes
                To do: begin the path with /
                Dockerfile:2:9
                --------------------
                   1 |     FROM not.here.example/base
                   2 | >>> WORKDIR app
                   3 |     RUN true
                --------------------
                """);
        assertThat(check.stderr()).isEmpty();
    }

    @Test
    void whatABuildRefusesIsRefusedAfterTheWarnings() throws IOException {
        Project unknown = Project.of(daemon, "FROM busybox as Base\nMAINTAINER me\nRUN true\nRUUN false\n");
        Outcome check = ask(unknown, "--check").exits(1);
        assertThat(check.stdout())
                .contains("WARNING: FromAsCasing", "WARNING: StageNameCasing", "MaintainerDeprecated");
        assertThat(check.stderr()).contains("Dockerfile:4:1: unknown instruction \"RUUN\"");
        assertThat(unknown.build().exits(1).stderr()).contains("MaintainerDeprecated", "Dockerfile:4:1");
        assertThat(ask(unknown, "--call=check,format=json").exits(1).stdout())
                .contains("\"ruleName\": \"MaintainerDeprecated\"", "\"buildError\"");

        Project base = Project.of(daemon, "ARG BASE\nFROM $BASE\n");
        check = ask(base, "--check").exits(1);
        assertThat(check.stdout()).contains("WARNING: InvalidDefaultArgInFrom", "Dockerfile:2:");
        assertThat(check.stderr()).contains("Dockerfile:2:1: the base image's name is empty");
        for (String question : List.of("--check", "--call=outline")) {
            assertThat(ask(Project.of(daemon, "FROM busybox\nENV A=\"x\n"), question)
                            .refuses(1))
                    .contains("Dockerfile:2:7");
            assertThat(ask(Project.of(daemon, "FROM busybox:a:b\n"), question).refuses(1))
                    .contains("Dockerfile:1:1: invalid reference");
            assertThat(ask(Project.of(daemon, "FROM busybox\n").file(".dockerignore", "!\n"), question)
                            .refuses(1))
                    .contains(".dockerignore:1");
        }
        assertThat(ask(Project.of(daemon, "FROM not.here.example/base\nCOPY $foo .\n"), "--check")
                        .exits(1)
                        .stdout())
                .contains("WARNING: UndefinedVar", "$foo");
    }

    @Test
    void checkAloneEndsWellWhenNothingIsFound() throws IOException {
        Project project = Project.of(daemon, "FROM not.here.example/base\nCMD [\"x\"]\n");

        assertThat(ask(project, "--check").ok().stdout()).isEqualTo("Check complete, no warnings found.\n");
        assertThat(ask(project, "--call=check,format=json").ok().stdout().replaceAll("\\s", ""))
                .isEqualTo("{\"warnings\":[],\"sources\":[]}");
    }

    @Test
    void checkSpeaksJson() throws IOException {
        Project project = Project.of(daemon, "FROM busybox\nMAINTAINER me\n");

        assertThat(ask(project, "--call=check,format=json").exits(1).stdout())
                .contains("\"ruleName\": \"MaintainerDeprecated\"", "\"line\": 2", "\"filename\": \"Dockerfile\"");
    }

    @Test
    void checksAreConfiguredByDirectiveAndArgument() throws IOException {
        String text = "FROM busybox\nMAINTAINER me\nCMD a b\n";
        Project skipping = Project.of(daemon, "# check=skip=MaintainerDeprecated,JSONArgsRecommended\n" + text);
        assertThat(ask(skipping, "--check").ok().stdout()).contains("no warnings");
        assertThat(ask(skipping, "--check", "--build-arg", "BUILDKIT_DOCKERFILE_CHECK=skip=MaintainerDeprecated")
                        .exits(1)
                        .stdout())
                .contains("1 warning has")
                .contains("JSONArgsRecommended");
        Project all = Project.of(daemon, "# check=skip=all\n" + text);
        assertThat(all.build("--build-arg", "BUILDKIT_DOCKERFILE_CHECK=skip=all")
                        .ok()
                        .stderr())
                .doesNotContain("warning");
        Project failing = Project.of(daemon, "# check=error=true\nFROM busybox\nRUN touch /ran\nMAINTAINER me\n");
        Outcome failed = failing.build();
        assertThat(failed.refuses(1)).contains("MaintainerDeprecated", "error=true");
        assertThat(failed.stderr()).contains("1 warning found").doesNotContain("touch /ran");
        assertThat(ask(Project.of(daemon, "# check=sip=all\nFROM busybox\n"), "--check")
                        .refuses(1))
                .contains("sip", "skip=");
    }

    @Test
    void ignoredSourcesAreFound() throws IOException {
        Project project = Project.of(daemon, "FROM busybox\nCOPY notes.txt /\n").file(".dockerignore", "*.txt\n");

        assertThat(ask(project, "--check").exits(1).stdout())
                .contains("Attempting to Copy file \"notes.txt\" that is excluded by .dockerignore");
    }

    @Test
    void outlineNamesWhatATargetTakes() throws IOException {
        Project project = Project.of(daemon, """
                # TAG is the version of the base
                ARG TAG=1.36
                ARG OTHER=unused
                # tools has the compiler
                FROM example.org/busybox:$TAG AS tools
                # JOBS is how many run at once
                ARG JOBS=4
                ARG TAG
                # other is something else
                FROM scratch AS other
                ARG NOT_HERE
                COPY Dockerfile /
                FROM tools AS app
                ARG MODE
                RUN --mount=type=secret,id=token,required=true --mount=type=ssh true
                RUN --mount=type=bind,from=other,target=/o true
                """);

        assertThat(ask(project, "--call=outline").ok().stdout()).isEqualTo("""
                TARGET: app

                BUILD ARG   VALUE   DESCRIPTION
                TAG         1.36    is the version of the base
                JOBS        4       is how many run at once
                NOT_HERE
                MODE

                SECRET   REQUIRED
                token    true

                SSH       REQUIRED
                default

                """);
        assertThat(ask(project, "--call=outline", "--target", "tools", "--build-arg", "JOBS=8")
                        .ok()
                        .stdout())
                .startsWith("TARGET:      tools\nDESCRIPTION: has the compiler\n")
                .containsPattern("JOBS +8 +is how many");
        assertThat(ask(project, "--call=outline,format=json").ok().stdout())
                .contains("\"name\": \"app\"", "\"value\": \"1.36\"");
        assertThat(ask(project, "--call=targets").ok().stdout()).isEqualTo("""
                TARGET        DESCRIPTION
                tools         has the compiler
                other         is something else
                app (default)
                """);
        assertThat(ask(project, "--call=targets,format=json").ok().stdout())
                .contains("\"default\": true", "\"base\": \"tools\"", "\"base\": \"example.org/busybox:$TAG\"");
    }

    @Test
    void stagesCanBeBuiltAgainByNameOrNumber() throws IOException {
        Project project = Project.of(daemon, """
                FROM busybox AS one
                RUN echo one > /one
                FROM busybox
                RUN echo two > /two
                FROM busybox
                COPY --from=one /one /
                COPY --from=1 /two /
                """);
        project.build().ok();

        assertThat(ran(project.build("--no-cache-filter", "one"))).containsExactly("RUN echo one > /one");
        assertThat(ran(project.build("--no-cache-filter=one,1")))
                .containsExactlyInAnyOrder("RUN echo one > /one", "RUN echo two > /two");
        assertThat(ran(project.build())).isEmpty();
        assertThat(project.build("--no-cache-filter", "onne").refuses(1)).contains("\"onne\"", "did you mean \"one\"");
        assertThat(project.build("--no-cache-filter", "7").refuses(1)).contains("\"7\"", "it has one");
    }

    @Test
    void mistakesInTheQuestionAreToldInOneLine() throws IOException {
        Project project = Project.of(daemon, "FROM busybox AS base\n");

        assertThat(ask(project, "--call=lines").refuses(1)).contains("check, outline or targets");
        assertThat(ask(project, "--call=check,format=xml").refuses(1)).contains("format=json");
        assertThat(ask(project, "--call=outline", "--target", "bsae").refuses(1))
                .contains("\"bsae\"", "did you mean \"base\"");
        assertThat(ask(Project.of(daemon, "FORM busybox\n"), "--check").refuses(1))
                .contains("Dockerfile:1", "did you mean FROM");
    }

    /** Which steps were not taken from the cache. */
    private static List<String> ran(Outcome build) {
        return Project.steps(build.ok()).stream()
                .filter(step -> step.startsWith("DONE "))
                .map(step -> step.substring("DONE ".length()))
                .toList();
    }

    private static Outcome ask(Project project, String... options) {
        List<String> arguments = new ArrayList<>(List.of("build"));
        arguments.addAll(List.of(options));
        arguments.add(".");
        return daemon.wherry(Duration.ofSeconds(60), project.folder(), arguments.toArray(String[]::new));
    }
}
