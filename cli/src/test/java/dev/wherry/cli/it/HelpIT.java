package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line says when it is asked for help, or asked for what it cannot do; without a daemon. */
class HelpIT {

    @Test
    void helpOfTheProgramNamesItsCommands() throws IOException {
        String help = wherry("help").ok().stdout();

        assertThat(help)
                .startsWith("Usage:  wherry [OPTIONS] COMMAND")
                .contains("\n  build  ", "\n  run  ", "Examples:");
        assertThat(wherry().ok().stdout()).isEqualTo(help);
        assertThat(wherry("--help").ok().stdout()).isEqualTo(help);
        assertThat(wherry("-h").ok().stdout()).isEqualTo(help);
    }

    @Test
    void helpOfACommandHasExamples() throws IOException {
        for (String command : List.of("build", "run", "logs")) {
            Outcome help = wherry(command, "--help").ok();
            assertThat(help.stdout())
                    .startsWith("Usage:  wherry " + command)
                    .contains("Examples:\n  wherry " + command);
            assertThat(help.stderr()).isEmpty();
        }
        assertThat(wherry("ps", "-h").ok().stdout())
                .isEqualTo(wherry("help", "ps").ok().stdout());
    }

    @Test
    void mistakesAreExplainedOnStandardError() throws IOException {
        assertError(1, "wherry: 'bild' is not a wherry command: did you mean 'build'?\n", "bild", ".");
        assertError(1, "wherry: compose is not supported yet\n", "compose", "up");
        assertError(125, "wherry: unknown flag: --nosuch\nSee 'wherry ps --help'.\n", "ps", "--nosuch");
        assertError(125, "wherry: run: --gpus is not supported yet\n", "run", "--gpus", "all", "x");
        assertError(125, "wherry: run: --gpus is not supported yet\n", "run", "-d", "--gpus", "all", "x");
        assertError(
                125, "wherry: run: --link-local-ip is not supported yet\n", "run", "--link-local-ip=169.254.1.1", "x");
        assertError(125, "wherry: build: --squash is not supported yet\n", "build", "--squash", ".");
        assertError(1, "wherry: 'wherry run' requires at least 1 argument\nSee 'wherry run --help'.\n", "run");
    }

    @Test
    void missingDaemonIsNamed() throws IOException {
        assertError(
                1,
                "wherry: cannot connect to wherryd at unix:///nosuch.sock: is it running?\n",
                "-H",
                "unix:///nosuch.sock",
                "ps");
        assertError(
                125,
                "wherry: cannot connect to wherryd at unix:///nosuch.sock: is it running?\n",
                "-H",
                "unix:///nosuch.sock",
                "run",
                "x");
    }

    @Test
    void socketOfOthersIsDenied(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("wherryd.sock");
        try (var server = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            server.bind(java.net.UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(socket, java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw----"));

            Outcome denied = outcome(List.of(
                    "setpriv",
                    "--reuid=65534",
                    "--regid=65534",
                    "--clear-groups",
                    System.getProperty("wherry.cli"),
                    "-H",
                    "unix://" + socket,
                    "ps"));

            assertThat(denied.exits(1).stderr())
                    .startsWith("wherry: ")
                    .contains("permission denied")
                    .contains(socket.toString());
        }
    }

    private static void assertError(int code, String stderr, String... arguments) throws IOException {
        Outcome outcome = wherry(arguments).exits(code);
        assertThat(outcome.stderr()).isEqualTo(stderr);
        assertThat(outcome.stdout()).isEmpty();
    }

    private static Outcome wherry(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("wherry.cli")));
        command.addAll(List.of(arguments));
        return outcome(command);
    }

    private static Outcome outcome(List<String> command) throws IOException {
        return Outcome.of(command, new ProcessBuilder(command).start(), Duration.ofSeconds(60));
    }
}
