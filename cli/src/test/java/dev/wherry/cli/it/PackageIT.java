package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The life of the Debian package, and of what the archive's script installs, in a fresh system. */
@Tag("packages")
class PackageIT {
    private static final String SETTINGS = "etc/wherry/wherryd.yaml";
    private static final String IN_WHERRY_LIB = "usr/lib/wherry/";

    private static Chroot system;

    @BeforeAll
    static void bootstrap() throws IOException {
        Path deb = Path.of(System.getProperty("wherry.deb"));
        assertThat(deb).exists();
        system = new Chroot();
        Files.copy(deb, system.path("wherry.deb"));
        Files.copy(deb.resolveSibling("wherry-docker_" + version() + "_all.deb"), system.path("docker.deb"));
        Files.copy(Path.of(System.getProperty("wherry.archive")), system.path("wherry.tar.gz"));
        // The next version, which differs by its number and its settings.
        system.sh(
                        "dpkg-deb -R wherry.deb next && sed -i 's/^Version: .*/&.1/' next/DEBIAN/control"
                                + " && echo '# one more' >>next/etc/wherry/wherryd.yaml && dpkg-deb -Znone -b next next.deb && rm -r next")
                .ok();
    }

    @AfterAll
    static void leave() throws IOException {
        if (system != null) {
            system.close();
        }
    }

    @AfterEach
    void purge() throws IOException {
        system.sh("dpkg --purge wherry-docker wherry; rm -rf /var/lib/wherry /run/wherry")
                .ok();
        system.toldSystemd();
    }

    @Test
    void installedProgramsRun() throws IOException {
        install("wherry.deb");

        assertThat(Files.readSymbolicLink(system.path("usr/bin/wherry"))).isEqualTo(Path.of("../lib/wherry/wherry"));
        assertThat(Files.readSymbolicLink(system.path("usr/sbin/wherryd"))).isEqualTo(Path.of("../lib/wherry/wherryd"));
        assertThat(system.sh("wherry --version").ok().stdout()).contains(version());
        assertThat(system.sh("wherryd --help").ok().stdout()).contains("wherryd");
        assertThat(system.sh("getent group wherry").ok().line()).startsWith("wherry:");
        for (String file : List.of(
                "usr/lib/systemd/system/wherry.socket",
                "usr/share/bash-completion/completions/wherry",
                "usr/share/zsh/vendor-completions/_wherry",
                "usr/share/fish/vendor_completions.d/wherry.fish",
                "usr/share/doc/wherry/copyright")) {
            assertThat(system.path(file)).isRegularFile();
        }
        assertThat(system.sh("dpkg -L wherry | grep '[.]jar$'").line()).isEmpty();
        assertThat(system.toldSystemd())
                .contains("daemon-reload")
                .anyMatch(told -> told.endsWith("start wherry.socket"))
                .anyMatch(told -> told.endsWith("restart wherry.service"));
    }

    @Test
    void enablesTheSocketAndTheDaemonOnceSoThatContainersStartWithTheHost() throws IOException {
        String socket = "etc/systemd/system/sockets.target.wants/wherry.socket";
        String service = "etc/systemd/system/multi-user.target.wants/wherry.service";
        install("wherry.deb");
        assertThat(system.isLink(socket)).isTrue();
        assertThat(system.isLink(service)).isTrue();

        Files.delete(system.path(service));
        install("next.deb");

        assertThat(system.isLink(socket)).isTrue();
        assertThat(system.isLink(service)).as("disabled by the administrator").isFalse();
    }

    @Test
    void upgradeKeepsSettingsAndDataAndRestartsTheDaemon() throws IOException {
        install("wherry.deb");
        system.write(SETTINGS, "log-level: debug\n");
        system.write("var/lib/wherry/wherry.db", "data");
        system.toldSystemd();

        install("next.deb");

        assertThat(system.sh("dpkg-query -W -f '${Version}' wherry").line()).isEqualTo(version() + ".1");
        assertThat(system.path(SETTINGS)).hasContent("log-level: debug");
        assertThat(system.path(SETTINGS + ".dpkg-dist")).exists();
        assertThat(system.path("var/lib/wherry/wherry.db")).exists();
        assertThat(system.toldSystemd())
                .contains("daemon-reload")
                .anyMatch(told -> told.endsWith("restart wherry.service"))
                .noneMatch(told -> told.contains("enable wherry") || told.startsWith("stop"));
    }

    @Test
    void unpackedButNotYetConfiguredPackageWorksAndIsFinishedLater() throws IOException {
        install("wherry.deb");

        // Where a host loses power between the two halves of an upgrade.
        system.sh("dpkg --unpack --force-confold next.deb").ok();
        assertThat(system.sh("wherry --version").ok().stdout()).contains(version());

        system.sh("dpkg --configure -a --force-confold").ok();
        assertThat(system.sh("dpkg-query -W -f '${db:Status-Status}' wherry").line())
                .isEqualTo("installed");
    }

    @Test
    void removalStopsTheDaemonAndKeepsAllElse() throws IOException {
        install("wherry.deb");
        system.write("var/lib/wherry/wherry.db", "data");
        system.toldSystemd();

        system.sh("dpkg --remove wherry").ok();

        assertThat(system.toldSystemd()).containsSubsequence("stop wherry.socket wherry.service", "daemon-reload");
        assertThat(system.path("usr/bin/wherry")).doesNotExist();
        assertThat(Files.exists(system.path("usr/sbin/wherryd"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        assertThat(system.path(IN_WHERRY_LIB)).doesNotExist();
        assertThat(system.path(SETTINGS)).exists();
        assertThat(system.path("var/lib/wherry/wherry.db")).exists();
        assertThat(system.sh("getent group wherry").ok().line()).startsWith("wherry:");
    }

    @Test
    void purgeLeavesNothingBehind() throws IOException {
        install("wherry.deb");
        system.write("var/lib/wherry/wherry.db", "data");
        Files.createDirectories(system.path("var/lib/wherry/volumes"));
        system.write("run/wherry/wherryd.sock.lock", "");

        // Processes that end while the script looks at them.
        Outcome purge = system.sh("(for i in $(seq 500); do /bin/true; done) & dpkg --purge wherry; wait")
                .ok();

        assertThat(purge.stderr()).doesNotContain("wherry: ").doesNotContain("/proc/");
        assertThat(system.sh(
                                "find / -xdev -name '*wherry*' ! -path '/wherry.*' ! -path '/proc/*' ! -path '/var/lib/dpkg/*'"
                                        + " ! -path '/var/log/*'; getent group wherry")
                        .stdout())
                .isEmpty();
    }

    @Test
    void purgeKeepsVolumesAndSaysSo() throws IOException {
        install("wherry.deb");
        system.write("var/lib/wherry/wherry.db", "data");
        system.write("var/lib/wherry/volumes/data/_data/precious", "data");

        Outcome purge = system.sh("dpkg --purge wherry").ok();

        assertThat(purge.stderr()).contains("wherry: volumes are kept in /var/lib/wherry/volumes");
        assertThat(system.path("var/lib/wherry/volumes/data/_data/precious")).exists();
        assertThat(system.path("var/lib/wherry/wherry.db")).doesNotExist();
    }

    @Test
    void purgeKeepsAllWhileContainersRun() throws IOException {
        install("wherry.deb");
        system.write("var/lib/wherry/wherry.db", "data");
        system.write("conmon", "sleep 60 & wait\n");
        system.write("run/wherry/containers/1/config.json", "{}");

        Outcome purge = system.sh("sh /conmon -b /run/wherry/containers/1 & sleep 0.5; dpkg --purge wherry")
                .ok();

        assertThat(purge.stderr())
                .containsPattern("wherry: containers still run, .* stay: end them with 'kill -9 [0-9]+");
        assertThat(system.path("var/lib/wherry/wherry.db")).exists();
        assertThat(system.path("run/wherry/containers/1/config.json")).exists();
    }

    @Test
    void scriptOfTheArchiveInstallsAndTakesAway() throws IOException {
        system.sh("tar xzf wherry.tar.gz").ok();
        String script = "/wherry-" + version() + "/install.sh";
        system.write("var/lib/wherry/wherry.db", "data");
        try {
            system.sh(script + " && " + script).ok();
            assertThat(system.toldSystemd()).contains("daemon-reload", "--quiet enable wherry.socket wherry.service");
            assertThat(system.sh("/usr/local/bin/wherry --version").ok().stdout())
                    .contains(version());
            assertThat(system.path("usr/local/lib/systemd/system/wherry.service"))
                    .content()
                    .contains("ExecStart=/usr/local/sbin/wherryd");
            system.write(SETTINGS, "log-level: debug\n");

            system.sh(script).ok();
            assertThat(system.path(SETTINGS)).hasContent("log-level: debug");

            system.sh(script + " --uninstall && " + script + " --uninstall").ok();
            assertThat(system.sh("find /usr/local /etc/systemd -name '*wherry*'")
                            .line())
                    .isEmpty();
            assertThat(system.path("var/lib/wherry/wherry.db")).exists();
            assertThat(system.path(SETTINGS)).exists();
        } finally {
            system.sh("rm -rf /wherry-* /etc/wherry; groupdel wherry").ok();
        }
    }

    @Test
    void standsInForDockerWhereThatIsMissing() throws IOException {
        install("wherry.deb");
        system.sh("rm -f /run/docker.sock").ok();

        install("docker.deb");

        assertThat(system.sh("docker --version").ok().stdout())
                .isEqualTo(system.sh("wherry --version").ok().stdout());
        assertThat(Files.readSymbolicLink(system.path("run/docker.sock"))).isEqualTo(Path.of("wherry/docker.sock"));
        assertThat(system.sh("dpkg-deb -f docker.deb Conflicts").ok().stdout()).contains("docker.io", "docker-ce");
        system.sh("dpkg -r wherry-docker").ok();
        assertThat(system.path("run/docker.sock")).doesNotExist();
        assertThat(system.path("usr/bin/docker")).doesNotExist();

        system.sh("touch /run/docker.sock").ok();
        install("docker.deb");
        system.sh("dpkg -r wherry-docker").ok();
        assertThat(system.path("run/docker.sock")).as("what is another's stays").isRegularFile();
    }

    private static void install(String deb) throws IOException {
        system.sh("dpkg -i --force-confold " + deb).ok();
    }

    private static String version() {
        return System.getProperty("wherry.deb").replaceAll(".*wherry_|_amd64[.]deb", "");
    }
}
