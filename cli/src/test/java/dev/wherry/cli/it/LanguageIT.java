package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the language can say, in images that are really built. */
class LanguageIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @Test
    void aHereDocumentAloneIsAScriptOfTheStagesShell() throws IOException {
        Project project = Project.of(daemon, """
                FROM busybox
                ENV A=env
                RUN <<EOF
                echo "one $A" > /x
                # no comment of the Dockerfile
                echo 'two' >> /x
                EOF
                SHELL ["/bin/sh", "-ec"]
                RUN <<-"EOF"
                	false || true
                	echo three >> /x
                	EOF
                """);

        String id = project.id();

        assertThat(project.shell(id, "cat /x")).isEqualTo("one env\ntwo\nthree");
        assertThat(daemon.wherry("history", "--no-trunc", "--format", "{{.CreatedBy}}", id)
                        .ok()
                        .stdout())
                .startsWith("RUN /bin/sh -ec false || true echo three >> /x  # buildkit\nSHELL [/bin/sh -ec]\n");
    }

    @Test
    void hereDocumentsBesideACommandAreTheShellsOwn() throws IOException {
        Project project = Project.of(daemon, """
                FROM busybox
                ENV A=env
                RUN cat <<one - > /x && cat <<'two' >> /x
                one $A
                one
                two $A
                two
                RUN <<-EOF cat >> /x
                	three
                	EOF
                """);

        assertThat(project.shell(project.id(), "cat /x")).isEqualTo("one env\ntwo $A\nthree");
    }

    @Test
    void aHereDocumentWithAnInterpreterLineIsRunAsAProgramAndLeavesNothing() throws IOException {
        Project project = Project.of(daemon, """
                FROM busybox
                USER nobody
                WORKDIR /tmp
                RUN <<-'script' tee
                	not a program
                	script
                RUN <<run
                #!/bin/awk -f
                BEGIN { print ARGV[0], "$A" > "/tmp/x" }
                run
                RUN --mount=type=tmpfs,target=/m <<-run2
                	#!/bin/sh -e
                	echo "$0" >> /tmp/x
                	stat -c '%a %u' "$0" >> /tmp/x
                	! touch /dev/pipes/y 2>/dev/null
                	run2
                """);

        String id = project.id();

        assertThat(project.shell(id, "cat /tmp/x; ls -A /dev/pipes 2>&1 | grep -c 'No such'"))
                .isEqualTo("awk $A\n/dev/pipes/run2\n755 0\n1");
        project.file("Dockerfile", Files.readString(project.path("Dockerfile")).replace("ARGV[0]", "ARGV[0] 1"));
        assertThat(Project.steps(project.build().ok())).anyMatch(step -> step.startsWith("DONE RUN <<run"));
    }

    @Test
    void theBodyOfAHereDocumentIsPartOfTheCacheKey() throws IOException {
        Project project = Project.of(daemon, "FROM busybox\nRUN <<EOF\necho 1 > /x\nEOF\n");
        project.id();
        assertThat(Project.steps(project.build().ok())).last().asString().startsWith("CACHED RUN <<EOF");

        project.file("Dockerfile", "FROM busybox\nRUN <<EOF\necho 2 > /x\nEOF\n");

        assertThat(Project.steps(project.build().ok())).last().asString().startsWith("DONE RUN <<EOF");
    }

    @Test
    void triggersRunInTheImageThatIsBuiltOnTheirs() throws IOException {
        Project base = Project.of(daemon, """
                FROM busybox
                ONBUILD ARG NAME=nobody
                ONBUILD COPY a /app/
                ONBUILD RUN echo "$NAME" > /name
                ONBUILD ENV READY=yes
                """);
        base.id("-t", "onbuild-base");
        assertThat(base.inspect("onbuild-base", "{{json .Config.OnBuild}}"))
                .isEqualTo(
                        "[\"ARG NAME=nobody\",\"COPY a /app/\",\"RUN echo \\\"$NAME\\\" > /name\",\"ENV READY=yes\"]");

        Project child = Project.of(daemon, "FROM onbuild-base\nRUN echo $READY > /ready\n")
                .file("a", "text");
        String id = child.id("--build-arg", "NAME=me", "-t", "onbuild-child");

        assertThat(child.shell(id, "cat /app/a /name /ready")).isEqualTo("textme\nyes");
        assertThat(child.inspect(id, "{{json .Config.OnBuild}}")).isEqualTo("null");
        assertThat(Project.steps(child.build("--build-arg", "NAME=me").ok()))
                .anyMatch(step -> step.endsWith("ONBUILD COPY a /app/"))
                .allMatch(step -> step.startsWith("CACHED"));

        Project grandchild = Project.of(daemon, "FROM onbuild-child\n");
        assertThat(grandchild.build().ok().stderr()).doesNotContain("ONBUILD");
    }

    @Test
    void triggersOfAStageRunInTheStageBasedOnIt() throws IOException {
        Project project = Project.of(daemon, """
                FROM busybox AS files
                RUN echo made > /made
                FROM busybox AS base
                ONBUILD COPY --from=files /made /got
                FROM base
                """);

        assertThat(project.shell(project.id(), "cat /got")).isEqualTo("made");
    }

    @Test
    void aTriggerThatCannotBeReadIsSaidToBeTheBaseImages() throws Exception {
        daemon.wherry(
                        "import",
                        "--change",
                        "ONBUILD COPY --from=5 /a /b",
                        Busybox.tar(daemon.home()).toString(),
                        "bad-trigger")
                .ok();

        assertThat(Project.of(daemon, "FROM bad-trigger\n").build().exits(1).stderr())
                .contains("Dockerfile:1")
                .contains("cannot copy from stage \"5\": there is none of that number");
    }

    @Test
    void aWorkingDirectoryThatIsMadeBelongsToTheUser() throws IOException {
        Project project = Project.of(daemon, """
                FROM busybox
                USER nobody
                WORKDIR /made/within
                USER 7
                WORKDIR /numbered
                USER root
                WORKDIR /made
                WORKDIR /roots
                """);

        assertThat(project.shell(project.id(), "stat -c '%n %u:%g %a' /made /made/within /numbered /roots"))
                .isEqualTo("/made 65534:65534 755\n/made/within 65534:65534 755\n/numbered 7:7 755\n/roots 0:0 755");
    }

    @Test
    void aStageHandsItsArgumentsOnToStagesBasedOnIt() throws IOException {
        Project project = Project.of(daemon, """
                ARG OUTER=outer
                FROM busybox AS one
                ARG A=a
                ARG OUTER
                FROM one
                RUN echo $A $OUTER > /x
                FROM busybox
                COPY --from=1 /x /x
                RUN echo "<$A$OUTER$TARGETARCH>" >> /x
                ARG TARGETARCH TARGETSTAGE
                RUN echo "$TARGETARCH $TARGETSTAGE" >> /x
                """);

        assertThat(project.shell(project.id(), "cat /x")).isEqualTo("a outer\n<>\namd64 default");
    }

    @Test
    void anErrorIsShownInTheLineOfTheFile() throws IOException {
        String stderr = Project.of(daemon, "FROM busybox\n\tCOPY \\\n  --form=\u001b[31mx a /b\n")
                .build()
                .exits(1)
                .stderr();

        assertThat(stderr).endsWith("""
                        wherry: Dockerfile:3:3: unknown flag "--form" of COPY (did you mean --from?)
                          %s
                            ^
                        """.formatted("  --form=\uFFFD[31mx a /b")).doesNotContain("\u001b");
    }

    @Test
    void aStageCannotCopyFromOneThatComesLater() throws IOException {
        assertThat(Project.of(daemon, "FROM busybox AS a\nCOPY --from=b /x /y\nFROM busybox AS b\nFROM a\n")
                        .build()
                        .exits(1)
                        .stderr())
                .contains("Dockerfile:2")
                .contains("cannot copy from stage \"b\": it comes later in the file");
    }
}
