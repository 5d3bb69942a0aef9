package dev.wherry.cli.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.v1.ContainerSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ps} shows of what the daemon tells. */
@Timeout(30)
class ListContainersTest {
    @TempDir
    private Path folder;

    private FakeDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        daemon = new FakeDaemon(folder.resolve("wherryd.sock"));
        add("1", "web", "running")
                .setHealth("healthy")
                .putLabels("tier", "front")
                .addPorts("80/tcp")
                .addMounts("/srv")
                .addMountTargets("/data")
                .setImage("app");
        add("2", "web-db", "exited").setExitCode(3).setNetwork("none").setImage("db:16");
        add("3", "job", "created").setImage("registry.example.com/team/job:1").setImageId("sha256:abcdef");
        add("4", "idle", "paused").setHealth("unhealthy");
    }

    @AfterEach
    void stop() throws InterruptedException {
        daemon.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                          | idle web
            -a                          | idle job web-db web
            -n 2                        | idle job
            -l                          | idle
            -a -f name=web              | web-db web
            -a -f name=^web$            | web
            -a -f name=^/web$           | web
            -a -f name=web -f name=job  | job web-db web
            -f status=exited            | web-db
            -f status=exited -f status=created | job web-db
            -a -f exited=3              | web-db
            -a -f exited=0              | ''
            -a -f health=healthy        | web
            -a -f health=none           | job web-db
            -a -f label=tier            | web
            -a -f label=tier=back       | ''
            -a -f network=none          | web-db
            -a -f volume=/data          | web
            -a -f volume=/srv           | web
            -a -f expose=80             | web
            -a -f expose=70-90/tcp      | web
            -a -f expose=80/udp         | ''
            -a -f publish=80            | ''
            -a -f before=job            | web-db web
            -f before=job               | web
            -a -f since=web -f name=web | web-db
            -a -f id=000000000003       | job
            -a -f is-task=true          | ''
            -a -f is-task=false         | idle job web-db web
            """)
    void filtersChooseAsDockersDo(String flags, String names) {
        assertThat(ps(flags + " --format {{.Names}}").stdout().strip().replace('\n', ' '))
                .isEqualTo(names);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -f status=gone   | wherry: invalid filter 'status=gone'
            -f health=well   | wherry: invalid filter 'health=well'
            -f exited=x      | wherry: invalid filter 'exited=x'
            -f before=nobody | wherry: no such container: nobody
            """)
    void filtersThatCannotBeAreRefused(String flags, String sentence) {
        InProcess.Result refused = ps(flags);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.stderr().strip()).isEqualTo(sentence);
    }

    @Test
    void daemonTellsWhichContainersDescendFromAnImage() {
        daemon.summaries.clear();
        add("1", "one", "running").setImage("app");
        add("2", "two", "running").setImage("built").setHasAncestor(true);

        assertThat(ps("-f ancestor=app -f ancestor=db --format {{.Names}}").stdout())
                .isEqualTo("two\n");
        assertThat(daemon.listed.get().getAncestorsList()).containsExactly("app", "db");
        assertThat(ps("--format {{.Names}}").stdout()).isEqualTo("two\none\n");
    }

    @Test
    void sizeIsAskedForOnlyWhenItIsShown() {
        ps("-a");
        assertThat(daemon.listed.get().getSize()).isFalse();
        ps("-a --format {{.Size}}");
        assertThat(daemon.listed.get().getSize()).isTrue();

        assertThat(ps("-as").stdout().lines().findFirst().orElseThrow()).endsWith("NAMES     SIZE");
    }

    @Test
    void allFieldsOfDockerAreThere() {
        assertThat(
                        ps("-f name=^web$ --format {{.Label~\"tier\"}}/{{.State}}/{{.Mounts}}/{{.LocalVolumes}}/{{.Networks}}/{{.Status}}")
                                .stdout())
                .matches("front/running//srv/0/host/Up .* \\(healthy\\)\n");
        assertThat(ps("-f name=^web$ --format json").stdout())
                .startsWith("{\"Command\":\"\\\"\\\"\",\"CreatedAt\":")
                .contains("\"Labels\":\"tier=front\"", "\"Mounts\":\"/srv\"", "\"Networks\":\"host\"");
    }

    @Test
    void whatATerminalWouldObeyIsShownEscaped() {
        daemon.summaries.clear();
        add("1", "web", "running")
                .setImage("app")
                .addCommand("\033[31mred\u009b2J")
                .putLabels("evil", "\033]0;title\007\nforged row\u202e");

        assertThat(ps("").stdout()).contains("\"\\x1b[31mred\\u009b2J\"");
        assertThat(ps("--format {{.Labels}}").stdout()).isEqualTo("evil=\\x1b]0;title\\x07\nforged row\\u202e\n");
        assertThat(ps("--format table\\t{{.Labels}}").stdout())
                .isEqualTo("LABELS\nevil=\\x1b]0;title\\x07\\nforged row\\u202e\n");
        assertThat(ps("--format json").stdout())
                .contains("\"Labels\":\"evil=\\u001B]0;title\\u0007\\nforged row\\u202e\"");
    }

    private ContainerSummary.Builder add(String number, String name, String state) {
        ContainerSummary.Builder summary = ContainerSummary.newBuilder()
                .setId("0".repeat(11) + number + "0".repeat(52))
                .setName(name)
                .setState(state)
                .setNetwork("host")
                .setCreatedNanos(Long.parseLong(number));
        daemon.summaries.add(summary);
        return summary;
    }

    private InProcess.Result ps(String flags) {
        List<String> words = Stream.of(("ps " + flags).strip().split(" +"))
                .map(word -> word.replace('~', ' '))
                .toList();
        return InProcess.wherry("unix://" + folder.resolve("wherryd.sock"), words.toArray(String[]::new));
    }
}
