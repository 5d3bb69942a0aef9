package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shells offer when the tab key is pressed, with a daemon that holds containers and images. */
class CompletionIT {

    @RegisterExtension
    static final Daemon DAEMON = new Daemon();

    @BeforeAll
    static void holdSome() throws Exception {
        Busybox.importInto(DAEMON);
        DAEMON.wherry("tag", "busybox", "reg.example.org:5000/team/app:1.2").ok();
        DAEMON.wherry("run", "-d", "--name", "web", "busybox", "sleep", "1000").ok();
        DAEMON.wherry("create", "--name", "old", "busybox").ok();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "rm ~old web",
                "rm web ~old",
                "container rm w~web",
                "start ~old",
                "stop ~web",
                "kill -s TERM ~web",
                "attach ~web",
                "logs -f ~old web",
                "run -it ~busybox:latest reg.example.org:5000/team/app:1.2",
                "create --name x b~busybox:latest",
                "rmi reg.example.org:5~reg.example.org:5000/team/app:1.2",
                "tag busybox:latest r~reg.example.org:5000/team/app:1.2",
                "history b~busybox:latest",
                "image inspect b~busybox:latest",
                "container inspect ~old web",
                "inspect ~old web busybox:latest reg.example.org:5000/team/app:1.2",
            })
    void namesComeFromTheDaemon(String line, String names) {
        List<String> expected = List.of(names.split(" "));

        // The client gives the daemon a third of a second, which a busy machine may need for itself.
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(offered(line)).containsExactlyInAnyOrderElementsOf(expected));
    }

    @Test
    void idsAreOfferedToWhoTypesThem() {
        String id = DAEMON.wherry("ps", "-q").line();

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(offered("stop " + id.substring(0, 6))).containsExactly(id));
    }

    @Test
    void hostOnTheLineIsTheOneAsked() {
        assertThat(offered("-H unix:///nosuch.sock rm ")).isEmpty();
    }

    @Test
    void daemonThatDoesNotAnswerIsNotWaitedFor() throws IOException {
        Path socket = DAEMON.home().resolve("mute.sock");
        try (ServerSocketChannel mute = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            mute.bind(UnixDomainSocketAddress.of(socket));

            assertThat(offered("-H unix://" + socket + " inspect ")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void tabCompletesInTheShell(String shell) throws Exception {
        Path folder = Files.createDirectory(DAEMON.home().resolve("in-" + shell));
        Files.createFile(folder.resolve("Dockerfile.test"));
        Files.createDirectory(folder.resolve("context"));
        try (Screen screen = new Screen(DAEMON, folder, 100, 40)) {
            screen.type(start(shell));
            screen.type("echo re''ady");
            screen.awaitLine("ready");

            complete(screen, "wherry sto", "wherry stop");
            complete(screen, "wherry stop w", "wherry stop web");
            complete(screen, "wherry rmi reg.example.org:5", "wherry rmi reg.example.org:5000/team/app:1.2");
            complete(screen, "wherry run --network=h", "wherry run --network=host");
            complete(screen, "wherry build -f Dock", "wherry build -f Dockerfile.test");
            complete(screen, "wherry build --iidfile=Dock", "wherry build --iidfile=Dockerfile.test");
            complete(screen, "wherry build c", "wherry build context/");
        }
    }

    private static String start(String shell) {
        return switch (shell) {
            case "bash" ->
                "exec env INPUTRC=/dev/null bash --norc --noprofile -c '"
                        + "exec bash --noprofile --rcfile <(wherry completion bash; echo \"PS1=\\$\\ \")'";
            case "zsh" ->
                "exec zsh -f -c 'wherry completion zsh > _wherry; exec zsh -f'\n"
                        + "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D";
            default -> "exec fish --no-config -C 'wherry completion fish | source'";
        };
    }

    /** Presses the tab key until the line is as wanted, and leaves an empty line behind. */
    private static void complete(Screen screen, String typed, String wanted) throws Exception {
        screen.write(typed);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    boolean completed =
                            screen.text().lines().anyMatch(line -> line.strip().endsWith(wanted));
                    if (!completed) {
                        screen.press("Tab");
                    }
                    return completed;
                });
        screen.press("C-u");
        screen.press("C-l");
    }

    private static Stream<String> words(String line) {
        return Stream.concat(Stream.of("__complete"), Stream.of(line.split(" ", -1)));
    }

    private static List<String> offered(String line) {
        Outcome outcome = DAEMON.wherry(words(line).toArray(String[]::new)).ok();
        assertThat(outcome.stderr()).isEmpty();
        return outcome.stdout().lines().map(word -> word.split("\t")[0]).toList();
    }
}
