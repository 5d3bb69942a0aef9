package dev.wherry.cli.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.v1.ContainerPort;
import dev.wherry.v1.ContainerSummary;
import dev.wherry.v1.Filter;
import dev.wherry.v1.ListContainersRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ps} shows of what the daemon tells. */
@Timeout(30)
class ListContainersTest {
    @TempDir
    private Path folder;

    private FakeDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        daemon = new FakeDaemon(folder.resolve("wherryd.sock"));
        add("4", "idle", "paused").setHealth("unhealthy");
        add("3", "job", "created").setImage("registry.example.com/team/job:1").setImageId("sha256:abcdef");
        add("2", "web-db", "exited").setExitCode(3).addNetworks("none").setImage("db:16");
        add("1", "web", "running")
                .setHealth("healthy")
                .putLabels("tier", "front")
                .addPorts(ContainerPort.newBuilder().setContainerPort(80).setProtocol("tcp"))
                .addMounts("/srv")
                .addNetworks("front")
                .addNetworks("back")
                .setImage("app");
    }

    @AfterEach
    void stop() throws InterruptedException {
        daemon.close();
    }

    @Test
    void rowsAreShownInTheOrderOfTheDaemon() {
        assertThat(ps("-a --format {{.Names}}").stdout()).isEqualTo("idle\njob\nweb-db\nweb\n");
        assertThat(ps("-aq").stdout().lines().findFirst()).hasValue("000000000004");
    }

    @Test
    void filtersAndLimitAreLeftToTheDaemon() {
        ps("");
        assertThat(daemon.listed.get()).isEqualTo(ListContainersRequest.getDefaultInstance());
        ps("-a -f name=web -f Name=a=b -f label!=tier");
        assertThat(daemon.listed.get())
                .isEqualTo(ListContainersRequest.newBuilder()
                        .setAll(true)
                        .addFilters(Filter.newBuilder()
                                .setKey("name")
                                .addValues("web")
                                .addValues("a=b"))
                        .addFilters(Filter.newBuilder().setKey("label!").addValues("tier"))
                        .build());
        ps("-n 3");
        assertThat(daemon.listed.get().getLimit()).isEqualTo(3);
        ps("-l");
        assertThat(daemon.listed.get().getLimit()).isEqualTo(1);
    }

    @Test
    void filterWithoutAValueIsRefused() {
        InProcess.Result refused = ps("-f name");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.stderr().strip()).isEqualTo("wherry: --filter name: must be KEY=VALUE");
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
        daemon.summaries.removeIf(container -> !container.getName().equals("web"));
        assertThat(ps("--format {{.Label~\"tier\"}}/{{.State}}/{{.Mounts}}/{{.LocalVolumes}}/{{.Networks}}/{{.Status}}")
                        .stdout())
                .matches("front/running//srv/0/front,back/Up .* \\(healthy\\)\n");
        assertThat(ps("--format json").stdout())
                .startsWith("{\"Command\":\"\\\"\\\"\",\"CreatedAt\":")
                .contains("\"Labels\":\"tier=front\"", "\"Mounts\":\"/srv\"", "\"Networks\":\"front,back\"");
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
