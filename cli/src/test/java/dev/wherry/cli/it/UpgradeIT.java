package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A daemon on the root of an earlier version: it brings the database up to date and finds everything. The root was made by
 * {@code src/test/resources/upgrade/record}, and never changes again: what a release wrote, all later ones read.
 */
class UpgradeIT {

    private static final Path RECORDED = Path.of("src/test/resources/upgrade");
    private static final String CONTAINER = "9be7f02d8c4c0222ac47dddd83bf4c8d0977778d16070b8715bfb585c6df48af";
    private static final String IMAGE = "sha256:f1c3389b1dd31c231efb65271b569dc73852e3f1eb17be97f19930b8cc8f8150";

    @RegisterExtension
    static final Daemon daemon = Daemon.onRootMadeBy(UpgradeIT::unpack);

    private static void unpack(Path root) throws Exception {
        Files.createDirectory(root);
        String tar = RECORDED.resolve("0.1.0.tar").toAbsolutePath().toString();
        assertThat(new ProcessBuilder("tar", "-C", root.toString(), "-xpf", tar)
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + root.resolve("wherry.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(Files.readString(RECORDED.resolve("0.1.0.sql")));
        }
    }

    @Test
    void everythingIsFoundAndCanBeUsedAndRemoved() throws Exception {
        // It waits for the trial run of the OCI runtime, which has a step of its own.
        wherry("info");
        assertThat(Holdings.wrong(daemon)).isEmpty();
        assertThat(wherry("images", "--format", "{{.Repository}}:{{.Tag}}").lines())
                .containsExactlyInAnyOrder("app:1", "app:latest", "tiny:latest");
        assertThat(wherry("image", "inspect", "-f", "{{.Id}} {{json .Config.Cmd}} {{json .Config.Labels}}", "app"))
                .isEqualTo(IMAGE + " [\"/true\"] {\"made\":\"by-hand\"}\n");
        assertThat(wherry("ps", "-a", "--no-trunc", "--format", "{{.ID}} {{.Names}} {{.Image}} {{.State}}"))
                .isEqualTo(CONTAINER + " kept app:1 created\n");
        assertThat(wherry(
                        "inspect",
                        "-f",
                        "{{json .Config.Labels}} {{.HostConfig.Memory}} {{.HostConfig.NetworkMode}}"
                                + " {{.HostConfig.RestartPolicy.Name}} {{json .Config.Cmd}}",
                        "kept"))
                .isEqualTo("{\"made\":\"by-hand\",\"x\":\"y\"} 67108864 none on-failure [\"/true\"]\n");
        assertThat(wherry("builder", "history", "ls")).contains("19ff25df5ee1");
        assertThat(wherry("builder", "du", "--format", "{{.Description}}").lines())
                .containsExactlyInAnyOrder("WORKDIR /app", "COPY file .");
        assertThat(wherry("events", "--since", "2026-11-29T00:00:00Z", "--until", "0s", "--format", "{{.Action}}"))
                .startsWith("import\ntag\nbuild\ntag\ntag\ncreate\ncreate\ndestroy\n");
        assertThat(wherry("cp", "kept:/app/file", "-")).contains("one\n");

        Project project = Project.of(daemon, "FROM app\nCOPY more .\n").file("more", "two\n");
        assertThat(project.inspect(project.id(), "{{len .RootFS.Layers}}")).isEqualTo("4");
        wherry("rm", "kept");
        wherry("rmi", "-f", "app:1", "app:latest", "tiny");
        wherry("builder", "prune", "-af");
        assertThat(Holdings.wrong(daemon)).isEmpty();
    }

    private static String wherry(String... arguments) {
        return daemon.wherry(arguments).ok().stdout();
    }
}
