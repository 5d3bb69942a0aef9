package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Shells in the state of build steps, on a terminal. */
class BuildShellIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String OPENED = "This shell has the state it left";

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @Test
    void aShellHasTheStateThatTheFailedStepLeft() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox
                WORKDIR /work
                RUN chmod 777 . && touch before
                ENV GREETING=hello
                ARG NAME=you
                USER 1234:5678
                RUN --mount=type=cache,target=/cache,mode=0777 --mount=type=secret,id=key,uid=1234 \
                    --mount=target=/context \
                    echo wri''ting; echo left > file; echo kept > /cache/kept; exit 7
                RUN never
                """).file("key", "sesame");
        Files.setPosixFilePermissions(project.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Screen screen = screen(project)) {
            screen.type("wherry build --secret id=key,src=key --on-failure shell -t never .; echo code=$?");
            awaitPrompt(screen, "/work $");
            assertThat(screen.text()).contains("[7/8] RUN --mount=type=cache", "failed: exit code 7. " + OPENED);

            screen.type("clear; echo $(cat file /cache/kept /run/secrets/key /context/key) $GREETING $NAME $PWD");
            screen.awaitLine("left kept sesamesesame hello you /work");
            screen.type("echo $(id -u):$(id -g) $(ls) $$; echo more > file");
            screen.awaitLine("1234:5678 before file 1");
            screen.resize(120, 40);
            screen.await(text -> {
                type(screen, "stty size");
                return text.lines().anyMatch("40 120"::equals);
            });
            screen.press("C-c");
            screen.type("clear; exit 3");
            screen.await(text -> text.contains("code=1"));
            assertThat(screen.text()).contains("Dockerfile:7: RUN --mount=type=cache", ": exit code 7");
            screen.type("stty -a | grep -o ' -\\?icanon'");
            screen.awaitLine(" icanon");
        }
        assertThat(daemon.wherry("images", "-q", "never").ok().stdout()).isEmpty();
        assertNothingRuns();
    }

    @Test
    void buildsAtTheSameTimeHaveShellsOfTheirOwn() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox
                RUN echo shared; exit 5
                """);
        try (Screen first = screen(project);
                Screen second = screen(project)) {
            for (Screen screen : List.of(first, second)) {
                screen.type("wherry build --on-failure shell .; echo code=$?");
                awaitPrompt(screen, "/ #");
            }
            first.type("touch /mine; echo do''ne");
            first.awaitLine("done");
            assertThat(project.build().refuses(1)).as("a build without a shell").contains("exit code 5");
            second.type("ls /mine");
            second.await(text -> text.contains("No such file"));
            first.type("exit");
            first.await(text -> text.contains("code=1"));
            second.type("echo al''ive; exit");
            second.awaitLine("alive");
            second.await(text -> text.contains("code=1"));
        }
        assertNothingRuns();
    }

    @Test
    void theFailureOfAnotherStepWaitsForTheEndOfTheShell() throws Exception {
        try (Gate gate = new Gate()) {
            Project project = Project.of(daemon, """
                    FROM busybox AS other
                    RUN %s; exit 8
                    FROM busybox
                    RUN exit 9
                    COPY --from=other / /
                    """.formatted(gate.command()));
            try (Screen screen = screen(project)) {
                screen.type("wherry build --progress plain --on-failure shell .; echo code=$?");
                awaitPrompt(screen, "/ #");
                gate.awaitArrivals(1);
                gate.open();
                screen.type("echo al''ive");
                screen.awaitLine("alive");
                assertThat(screen.text()).doesNotContain("exit code 8");
                screen.type("exit");
                screen.await(text -> text.contains("code=1"));
                assertThat(screen.text()).contains("Dockerfile:4: RUN exit 9: exit code 9");
            }
        }
        assertNothingRuns();
    }

    @Test
    void theEndOfTheClientEndsTheShell() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox
                RUN --mount=type=cache,target=/cache --mount=type=secret,id=key exit 6
                """).file("key", "sesame");
        for (String signal : List.of("INT", "KILL")) {
            try (Screen screen = screen(project)) {
                screen.type("sh -c 'echo $$ > pid; exec wherry build --secret id=key,src=key --on-failure shell .'");
                awaitPrompt(screen, "/ #");
                screen.type("trap '' HUP INT TERM; echo ha''rdy");
                screen.awaitLine("hardy");
                kill(project, signal);
                assertNothingRuns();
            }
        }
    }

    @Test
    void aDaemonThatWasKilledClearsTheShellAway() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox
                RUN --mount=type=secret,id=key echo tried; exit 6
                """).file("key", "sesame");
        try (Screen screen = screen(project)) {
            screen.type("wherry build --secret id=key,src=key --on-failure shell .; echo code=$?");
            awaitPrompt(screen, "/ #");
            daemon.kill();
            screen.await(text -> text.contains("code=1"));
        }
        daemon.start();
        assertNothingRuns();
        assertThat(project.build("--secret", "id=key,src=" + project.path("key"))
                        .refuses(1))
                .contains("exit code 6");
    }

    @Test
    void anImageWithoutAShellHasNone() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox AS tools
                FROM scratch
                COPY --from=tools /bin/busybox /bin/busybox
                RUN ["/bin/busybox", "false"]
                """);
        try (Screen screen = screen(project)) {
            screen.type("wherry build --on-failure shell .; echo code=$?");
            screen.await(text -> text.contains("code=1"));
            assertThat(screen.text()).contains("there is no shell in the image: no /bin/sh", "exit code 1");
        }
        assertNothingRuns();
    }

    @Test
    void pastStepsHaveShellsOfTheirOwn() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox
                WORKDIR /app
                ENV LEVEL=deep
                RUN echo one > one
                RUN echo two > two
                USER 1234
                RUN exit 4
                """);
        project.build().exits(1);
        try (Screen screen = screen(project)) {
            screen.type("wherry builder shell; echo code=$?");
            awaitPrompt(screen, "/app $");
            assertThat(screen.text())
                    .contains("This shell has the files before #7 [7/7] RUN exit 4, which failed and left nothing.");
            screen.type("echo $(cat one two) $LEVEL $(id -u); exit 3");
            screen.awaitLine("one two deep 1234");
            screen.await(text -> text.contains("code=3"));

            screen.type("clear; wherry builder shell 5");
            awaitPrompt(screen, "/app #");
            assertThat(screen.text()).contains("This shell has the files after #5 [5/7] RUN echo two > two.");
            screen.type("echo $(ls) $LEVEL $(id -u); touch lost; exit");
            screen.awaitLine("one two deep 0");
            awaitPrompt(screen, "\n$");

            screen.type("clear; wherry builder shell --before 5");
            awaitPrompt(screen, "/app #");
            screen.type("echo only $(ls); exit");
            screen.awaitLine("only one");
            awaitPrompt(screen, "\n$");

            screen.type("clear; wherry builder shell --before 1; echo code=$?");
            screen.await(text -> text.contains("code="));
            assertThat(screen.text()).contains("#1 [1/7] FROM busybox is the first of its stage");

            screen.type("clear; sh -c 'echo $$ > pid; exec wherry builder shell 5'");
            awaitPrompt(screen, "/app #");
            kill(project, "KILL");
        }
        assertNothingRuns();
        daemon.wherry("builder", "prune", "-af").ok();
        try (Screen screen = screen(project)) {
            screen.type("wherry builder shell 4; echo code=$?");
            screen.await(text -> text.contains("code=1"));
            assertThat(screen.text()).contains("are not in the cache any more");
        }
        assertThat(daemon.wherry("builder", "shell").refuses(125))
                .isEqualTo("wherry: a shell needs a terminal, and standard input is none");
    }

    private static void kill(Project project, String signal) throws Exception {
        String pid = Files.readString(project.path("pid")).strip();
        assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor())
                .isZero();
    }

    @Test
    void aShellNeedsATerminal() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nRUN exit 1\n");
        assertThat(project.build("--on-failure", "shell").refuses(125))
                .isEqualTo("wherry: --on-failure shell needs a terminal, and standard input is none");
        assertThat(project.build("--on-failure", "ask").refuses(1))
                .isEqualTo("wherry: --on-failure ask: there is only shell");
    }

    private static Screen screen(Project project) throws IOException, InterruptedException {
        return new Screen(daemon, project.folder(), 200, 30);
    }

    private static void awaitPrompt(Screen screen, String prompt) {
        screen.await(text -> text.stripTrailing().endsWith(prompt));
    }

    private static void type(Screen screen, String line) {
        try {
            screen.type(line);
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Waits until the daemon has neither a step nor anything that one mounted. */
    private static void assertNothingRuns() {
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            List<String> left = new ArrayList<>(Host.mounts(daemon.home()));
            for (String folder : List.of("steps", "runtime-steps")) {
                Path path = daemon.runRoot().resolve(folder);
                try (Stream<Path> files = Files.exists(path) ? Files.list(path) : Stream.empty()) {
                    files.forEach(file -> left.add(file.toString()));
                }
            }
            Host.processes(daemon.home()).stream()
                    .map(process -> Host.commandLine(process.pid()))
                    .filter(command -> command.contains("conmon"))
                    .forEach(left::add);
            assertThat(left).isEmpty();
        });
    }
}
