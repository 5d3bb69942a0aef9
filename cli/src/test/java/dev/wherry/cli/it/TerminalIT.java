package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a person at a terminal sees. */
class TerminalIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @Test
    void containerHasARealTerminal() throws Exception {
        try (Screen screen = new Screen(daemon, daemon.home(), 100, 30)) {
            screen.type("wherry run -it --rm --name term busybox sh");
            screen.await(text -> text.contains("/ #"));
            screen.type("tty; stty size");
            screen.awaitLine("30 100");
            assertThat(screen.text()).contains("/dev/pts/0");

            screen.resize(120, 40);
            screen.await(text -> {
                type(screen, "stty size");
                return text.lines().anyMatch("40 120"::equals);
            });

            screen.type("echo sleep''ing; sleep 1000; echo code $?");
            screen.awaitLine("sleeping");
            screen.press("C-c");
            screen.await(text -> text.contains("^C"));
            screen.type("echo al''ive");
            screen.awaitLine("alive");

            screen.type("exit 7");
            screen.await(text -> text.stripTrailing().endsWith("exit 7\n$"));
            screen.type("echo code=$?; stty -a | grep -o ' -\\?icanon'");
            screen.await(text -> text.contains("code=7"));
            assertThat(screen.awaitLine(" icanon"))
                    .as("the terminal is as before")
                    .contains(" icanon");
        }
        assertThat(daemon.wherry("ps", "-aq").ok().stdout()).isEmpty();
    }

    private static void type(Screen screen, String line) {
        try {
            screen.type(line);
        } catch (java.io.IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void detachKeysLeaveTheContainerRunning() throws Exception {
        try (Screen screen = new Screen(daemon, daemon.home(), 100, 30)) {
            screen.type("wherry run -it --name left busybox sh");
            screen.await(text -> text.contains("/ #"));
            screen.press("C-p");
            screen.press("C-q");
            screen.await(text -> text.contains("read escape sequence"));
            screen.type("echo ba''ck");
            screen.awaitLine("back");
            assertThat(daemon.wherry("ps", "--format", "{{.Names}}").ok().line())
                    .isEqualTo("left");

            screen.type("clear; wherry attach left");
            screen.await(text -> text.contains("/ #"));
            screen.type("echo aga''in; exit 3");
            screen.awaitLine("again");
            screen.await(text -> text.stripTrailing().endsWith("\n$"));
            screen.type("echo code=$?");
            screen.await(text -> text.contains("code=3"));
        }
        daemon.wherry("rm", "left").ok();
    }

    @Test
    void interruptEndsAForegroundContainer() throws Exception {
        try (Screen screen = new Screen(daemon, daemon.home(), 100, 30)) {
            screen.type(
                    "wherry run --rm busybox sh -c 'trap \"exit 8\" INT; echo read''y; while :; do sleep 0.05; done'");
            screen.awaitLine("ready");
            screen.press("C-c");
            screen.type("echo code=$?");
            screen.await(text -> text.contains("code=8"));
        }
    }

    @Test
    void progressIsRedrawnInPlace() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox
                WORKDIR /app
                COPY f .
                RUN for i in 1 2 3 4 5 6 7 8; do echo line $i; sleep 0.2; done
                CMD ["sh"]
                """).file("f", "");
        try (Screen screen = new Screen(daemon, project.folder(), 100, 30)) {
            screen.type("wherry build -t redrawn .; echo end''ed");
            screen.await(text -> text.contains("line 3"));
            String text = screen.awaitLine("ended");

            assertThat(text.lines().filter(line -> line.contains("[4/5] RUN"))).hasSize(1);
            assertThat(text.lines().filter(line -> line.contains("[3/5] COPY f .")))
                    .hasSize(1);
            assertThat(text).doesNotContain("line 8").contains("Built sha256:");

            screen.type("clear; wherry build -t redrawn .; echo end''ed again");
            assertThat(screen.awaitLine("ended again").lines().filter(line -> line.contains("CACHED")))
                    .hasSize(5);
        }
    }

    @Test
    void stagesAreBranchesThatFitTheWindowWhateverItsSize() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox AS left
                RUN for i in 1 2 3 4 5 6 7 8; do printf '\\033[2Jtick %s\\n' $i; sleep 0.3; done; touch /l
                FROM busybox AS right
                RUN sleep 2; touch /r
                FROM busybox
                COPY --from=left /l /
                COPY --from=right /r /
                """);
        try (Screen screen = new Screen(daemon, project.folder(), 90, 30)) {
            screen.type("wherry build .; echo end''ed");
            String running = screen.await(text -> text.contains("# tick 2"));
            assertThat(running).containsPattern(" => left  1/2, 1 cached +\\d.\\ds");
            assertThat(running).containsPattern(" └ \\[2/2] RUN sleep 2; touch /r +\\d.\\ds");
            screen.resize(60, 12);
            String text = screen.awaitLine("ended");

            assertThat(text).contains("7 steps: 3 from cache, 4 run", "slowest:", "Built sha256:");
            assertThat(text.lines().filter(line -> line.contains("[2/2] RUN sleep")))
                    .hasSizeLessThanOrEqualTo(2);
            screen.type("clear; wherry build . 2>&1 | cat");
            screen.await(all -> all.contains("7 steps: all from cache; the cache saved "));
        }
    }
}
