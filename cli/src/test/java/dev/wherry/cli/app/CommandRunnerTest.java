package dev.wherry.cli.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.cli.view.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CommandRunnerTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            value = {
                "run --gpus all app~125~wherry: run: --gpus is not supported yet",
                "run --gpus=all app~125~wherry: run: --gpus is not supported yet",
                "run --name web -it --storage-opt size=1g app~125~wherry: run: --storage-opt is not supported yet",
                "container run --gpus all app~125~wherry: run: --gpus is not supported yet",
                "build --squash .~125~wherry: build: --squash is not supported yet",
                "build . --push~125~wherry: build: --push is not supported yet",
                "build . -o type=nope~1~wherry: build: invalid --output type=nope: there is no type \"nope\": it is image, local, tar, oci, docker or cacheonly",
                "run --foo app~125~wherry: unknown flag: --foo|See 'wherry run --help'.",
                "run --memry 1g app~125~wherry: unknown flag: --memry: did you mean --memory?",
                "run --memry=1g app~125~wherry: unknown flag: --memry: did you mean --memory?",
                "ps --al~125~wherry: unknown flag: --al: did you mean --all?",
                "build --no-cahce .~125~wherry: unknown flag: --no-cahce: did you mean --no-cache?",
                "--hots unix:///s ps~125~wherry: unknown flag: --hots: did you mean --host?",
                "image --hlep~125~wherry: unknown flag: --hlep: did you mean --help?",
                "run --rm -h~125~wherry: flag needs an argument: -h|See 'wherry run --help'.",
                "run -z app~125~wherry: unknown shorthand flag: 'z' in -z|See 'wherry run --help'.",
                "run --name~125~wherry: flag needs an argument: --name|See 'wherry run --help'.",
                "ps --nope~125~wherry: unknown flag: --nope|See 'wherry ps --help'.",
                "image ls --nope~125~wherry: unknown flag: --nope|See 'wherry image ls --help'.",
                "--nope ps~125~wherry: unknown flag: --nope|See 'wherry --help'.",
                "imges~1~wherry: 'imges' is not a wherry command: did you mean 'images'?",
                "qqqqqq~1~wherry: 'qqqqqq' is not a wherry command|See 'wherry --help'.",
                "image lss~1~wherry: 'lss' is not a wherry image command: did you mean 'ls'?",
                "run~1~wherry: 'wherry run' requires at least 1 argument|See 'wherry run --help'.",
                "tag a~1~wherry: 'wherry tag' requires 2 arguments|See 'wherry tag --help'.",
                "tag a b c~1~wherry: unexpected argument: c|See 'wherry tag --help'.",
                "help nope~1~wherry: unknown help topic: nope",
                "-H http://h:1 ps~1~wherry: \"http://h:1\" is not the address of a daemon: give unix:///PATH, tcp://HOST[:PORT] or ssh://[USER@]HOST[:PORT][/PATH]",
                "-H nonsense run a~125~wherry: \"nonsense\" is not the address of a daemon: give unix:///PATH, tcp://HOST[:PORT] or ssh://[USER@]HOST[:PORT][/PATH]",
                "--tls=false -H tcp://h:1 ps~1~wherry: tcp://h:1 needs TLS: only an address of the loopback interface can be used without it",
                "--tls=perhaps ps~125~wherry: invalid argument \"perhaps\" for \"--tls\" flag: give true or false",
                "--tlsverify=false -H tcp://h:1 ps~1~wherry: --tlsverify=false is not supported: a daemon that is reached by TCP is always verified",
                "--config /nowhere -H tcp://h:1 ps~1~wherry: cannot read the CA: /nowhere/ca.pem not found",
                "run -it app~1~wherry: the input device is not a TTY",
                "build /does/not/exist~1~wherry: build context /does/not/exist not found",
                "import /does/not/exist~1~wherry: import: /does/not/exist not found",
            })
    void errorsAreOneSentenceAndAnExitCode(String line, int exitCode, String sentence) {
        assertThat(run(line.split(" "))).isEqualTo(exitCode);
        assertThat(err.toString().strip().replace('\n', '|')).isEqualTo(sentence);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void flagsAfterTheImageBelongToTheContainer() {
        environment.put("WHERRY_HOST", "unix://" + folder.resolve("none.sock"));

        assertThat(run("run", "app", "-p", "--foo", "@file")).isEqualTo(125);
        assertThat(err.toString())
                .isEqualTo("wherry: cannot connect to wherryd at " + environment.get("WHERRY_HOST")
                        + ": is it running?\n");
    }

    @Test
    void flagsMayBeGivenTheValueTrue() {
        environment.put("WHERRY_HOST", "unix://" + folder.resolve("none.sock"));

        assertThat(run("ps", "--all=true")).isEqualTo(1);
        assertThat(err.toString()).contains("cannot connect");
    }

    @Test
    void clientVersionIsShownWithoutDaemon() {
        assertThat(run("-H", "unix://" + folder.resolve("none.sock"), "version"))
                .isEqualTo(1);
        assertThat(out.toString()).startsWith("Client:\n Version:").doesNotContain("Server:");
        assertThat(err.toString()).contains("cannot connect").hasLineCount(1);
    }

    static List<List<String>> allCommands() {
        return paths(List.of(), Catalog.COMMANDS).toList();
    }

    private static Stream<List<String>> paths(List<String> groups, List<Catalog.Entry> entries) {
        return entries.stream().flatMap(entry -> {
            List<String> path =
                    Stream.concat(groups.stream(), Stream.of(entry.name())).toList();
            return entry instanceof Catalog.Group ? paths(path, entry.children()) : Stream.of(path);
        });
    }

    @ParameterizedTest
    @MethodSource("allCommands")
    void everyCommandHasHelpWithExamples(List<String> command) {
        List<String> words = new java.util.ArrayList<>(command);
        words.add("--help");
        PrintStream processErr = System.err;
        ByteArrayOutputStream warnings = new ByteArrayOutputStream();
        // Picocli warns there of a text that it cannot format, such as one with a single %.
        System.setErr(new PrintStream(warnings, true));
        try {
            assertThat(run(words.toArray(String[]::new))).isZero();
        } finally {
            System.setErr(processErr);
        }
        assertThat(out.toString())
                .startsWith("Usage:  wherry " + String.join(" ", command))
                .contains("\nExamples:\n  ")
                .doesNotContain("%%");
        assertThat(err.toString() + warnings).isEmpty();
    }

    @Test
    void helpNamesEveryWayToCallACommand() {
        assertThat(run("ps", "--help")).isZero();
        assertThat(out.toString())
                .startsWith("Usage:  wherry ps [OPTIONS]\n\nList containers\n\nAliases:\n"
                        + "  wherry container ls, wherry container list, wherry container ps, wherry ps\n\nOptions:\n");
    }

    @Test
    void shortFlagForHelpStandsAloneWhereItHasAnotherMeaning() {
        assertThat(run("run", "-h")).isZero();
        String help = out.toString();
        out.reset();

        assertThat(run("run", "--help")).isZero();
        assertThat(out.toString()).isEqualTo(help).startsWith("Usage:  wherry run [OPTIONS] IMAGE");
    }

    @Test
    void aloneAndAsHelpItListsTheCommands() {
        assertThat(run()).isZero();
        String alone = out.toString();
        out.reset();

        assertThat(run("help")).isZero();
        assertThat(out.toString()).isEqualTo(alone).contains("  images      List images\n");
    }

    private int run(String... words) {
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true),
                new PrintStream(err, true),
                false,
                false,
                false,
                environment);
        return CommandRunner.run(console, words).code();
    }
}
