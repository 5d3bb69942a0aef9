package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The two programs and the socket between them. */
class VersionIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @Test
    void clientAndServerSayTheirVersions() {
        Outcome version = daemon.wherry("version").ok();

        assertThat(version.stdout()).contains("Client", "Server", "0.1.0");
        assertThat(version.stderr()).isEmpty();
    }

    @Test
    void socketIsForRootAndItsGroupOnly() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(daemon.socket())))
                .isEqualTo("rw-rw----");
    }

    @Test
    void programsWorkThroughALinkFromAnyFolder() throws Exception {
        Path link = Files.createSymbolicLink(daemon.home().resolve("w"), Path.of(System.getProperty("wherry.cli")));
        ProcessBuilder client = new ProcessBuilder("../" + daemon.home().getFileName() + "/w", "version")
                .directory(Path.of("/tmp").resolve(daemon.home().getFileName()).toFile());
        client.environment().put("WHERRY_HOST", "unix://" + daemon.socket());

        Outcome.of(List.of(link.toString()), client.start(), Duration.ofSeconds(60))
                .ok();
    }

    @Test
    void secondDaemonOnTheSameRootIsRefusedInOneLine() throws Exception {
        Outcome second = wherryd(
                "--root",
                daemon.root().toString(),
                "--run-root",
                daemon.home().resolve("run2").toString());

        assertThat(second.exits(1).stderr())
                .isEqualTo("wherryd: the root " + daemon.root() + " belongs to another wherryd (process " + daemon.pid()
                        + ")\n");
    }

    @Test
    void liveSocketIsNeverTaken() throws Exception {
        Outcome second = wherryd(
                "--root",
                daemon.home().resolve("root2").toString(),
                "--socket",
                daemon.socket().toString());

        assertThat(second.exits(1).stderr())
                .isEqualTo("wherryd: another wherryd answers at unix://" + daemon.socket() + "\n");
        daemon.wherry("version").ok();
    }

    @Test
    void killedDaemonLeavesNothingInTheWayOfTheNext() throws Exception {
        daemon.kill();
        assertThat(daemon.socket()).exists();

        daemon.start();

        daemon.wherry("version").ok();
    }

    @Test
    void toldToEndTheDaemonTakesItsSocketAway() throws Exception {
        daemon.stop();
        assertThat(daemon.socket()).doesNotExist();

        daemon.start();
    }

    private static Outcome wherryd(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(System.getProperty("wherry.daemon")));
        command.addAll(List.of(arguments));
        return Outcome.of(command, new ProcessBuilder(command).start(), Duration.ofSeconds(60));
    }
}
