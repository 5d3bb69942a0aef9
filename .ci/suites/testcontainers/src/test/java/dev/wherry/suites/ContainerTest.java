package dev.wherry.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame.OutputType;
import org.testcontainers.containers.output.ToStringConsumer;
import org.testcontainers.containers.output.WaitingConsumer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** The life of single containers: ports, commands, files, output. */
@Timeout(120)
class ContainerTest {

    static final DockerImageName ALPINE = DockerImageName.parse("alpine:3.17");

    /** A container that does nothing until it is told to end. */
    private static GenericContainer<?> idle() {
        return new GenericContainer<>(ALPINE)
                .withCommand("sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done");
    }

    private static String get(GenericContainer<?> container, int port, String path) throws Exception {
        URI uri = URI.create("http://" + container.getHost() + ":" + container.getMappedPort(port) + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    @Test
    void exposedPortIsReachableOnARandomPortOfTheHost() throws Exception {
        try (GenericContainer<?> web = new GenericContainer<>(ALPINE)
                .withExposedPorts(8080, 9090)
                .withCommand(
                        "sh",
                        "-c",
                        "mkdir /www && echo hello >/www/index.html && httpd -p 9090 -h /www && exec httpd -f -p 8080 -h /www")) {
            web.start();
            assertThat(web.getMappedPort(8080)).isNotEqualTo(8080);
            assertThat(get(web, 8080, "/index.html")).isEqualTo("hello\n");
            assertThat(get(web, 9090, "/index.html")).isEqualTo("hello\n");
            assertThat(web.getExposedPorts()).containsExactly(8080, 9090);
        }
    }

    @Test
    void commandInAContainerHasOutputsAndAnExitCode() throws Exception {
        try (GenericContainer<?> container = idle().withEnv("GREETING", "good day")) {
            container.start();
            ExecResult result = container.execInContainer("sh", "-c", "echo out $GREETING; echo err >&2; exit 3");
            assertThat(result.getStdout()).isEqualTo("out good day\n");
            assertThat(result.getStderr()).isEqualTo("err\n");
            assertThat(result.getExitCode()).isEqualTo(3);
            assertThat(container
                            .execInContainerWithUser("1000:1000", "id", "-u")
                            .getStdout())
                    .isEqualTo("1000\n");
            String large = container
                    .execInContainer("sh", "-c", "yes 0123456789 | head -n 100000")
                    .getStdout();
            assertThat(large).hasSize(1_100_000);
        }
    }

    @Test
    void filesGoIntoAContainerBeforeItStartsAndWhileItRuns(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("greet"), "#!/bin/sh\necho from a script\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(folder.resolve("tree/deep"));
        Files.writeString(folder.resolve("tree/deep/leaf"), "leaf");
        try (GenericContainer<?> container = idle().withCopyFileToContainer(
                        MountableFile.forHostPath(script), "/usr/local/bin/greet")
                .withCopyToContainer(Transferable.of("secret", 0600), "/etc/new/secret")) {
            container.start();
            assertThat(container.execInContainer("greet").getStdout()).isEqualTo("from a script\n");
            assertThat(container
                            .execInContainer("stat", "-c", "%a", "/etc/new/secret")
                            .getStdout())
                    .isEqualTo("600\n");
            container.copyFileToContainer(MountableFile.forHostPath(folder.resolve("tree")), "/srv/tree");
            assertThat(container.execInContainer("cat", "/srv/tree/deep/leaf").getStdout())
                    .isEqualTo("leaf");
            container.copyFileToContainer(Transferable.of("x".repeat(3_000_000)), "/srv/large");
            assertThat(container.execInContainer("wc", "-c", "/srv/large").getStdout())
                    .startsWith("3000000 ");
        }
    }

    @Test
    void filesComeOutOfAContainer(@TempDir Path folder) throws Exception {
        try (GenericContainer<?> container = idle()) {
            container.start();
            container.execInContainer("sh", "-c", "printf text >/tmp/file; head -c 2000000 /dev/zero >/tmp/zeros");
            container.copyFileFromContainer("/tmp/file", folder.resolve("copy").toString());
            assertThat(folder.resolve("copy")).hasContent("text");
            long length = container.<Long>copyFileFromContainer("/tmp/zeros", stream -> {
                long count = 0;
                while (stream.read() >= 0) {
                    count++;
                }
                return count;
            });
            assertThat(length).isEqualTo(2_000_000);
            assertThatThrownBy(() -> container.copyFileFromContainer("/none", stream -> ""))
                    .hasMessageContaining("/none");
        }
    }

    @Test
    void foldersOfTheHostAndMemoryAreMounted(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("in"), "of the host");
        try (GenericContainer<?> container = idle().withFileSystemBind(folder.toString(), "/host", BindMode.READ_WRITE)
                .withTmpFs(Map.of("/scratch", "rw,size=1m"))
                .withSharedMemorySize(4L << 20)) {
            container.start();
            assertThat(container.execInContainer("cat", "/host/in").getStdout()).isEqualTo("of the host");
            container.execInContainer("sh", "-c", "echo back >/host/out");
            assertThat(folder.resolve("out")).hasContent("back\n");
            assertThat(container
                            .execInContainer("grep", " /scratch ", "/proc/mounts")
                            .getStdout())
                    .contains("size=1024k");
            assertThat(container
                            .execInContainer("grep", " /dev/shm ", "/proc/mounts")
                            .getStdout())
                    .contains("size=4096k");
        }
    }

    @Test
    void outputIsReadWhileItIsWritten() throws Exception {
        WaitingConsumer waiting = new WaitingConsumer();
        ToStringConsumer errors = new ToStringConsumer();
        try (GenericContainer<?> container = new GenericContainer<>(ALPINE)
                .withCommand("sh", "-c", "echo first; echo problem >&2; sleep 0.5; echo second; exec sleep 60")
                .withLogConsumer(waiting)) {
            container.start();
            container.followOutput(errors, OutputType.STDERR);
            waiting.waitUntil(frame -> frame.getUtf8String().contains("second"), 20, TimeUnit.SECONDS);
            assertThat(container.getLogs(OutputType.STDOUT)).isEqualTo("first\nsecond\n");
            assertThat(container.getLogs()).contains("problem");
            assertThat(errors.toString(StandardCharsets.UTF_8)).isEqualTo("problem\n");
        }
    }

    @Test
    void containerThatRunsOnceEndsWithItsOutput() {
        try (GenericContainer<?> container = new GenericContainer<>(ALPINE)
                .withCommand("echo", "done")
                .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(Duration.ofSeconds(20)))) {
            container.start();
            assertThat(container.getLogs()).isEqualTo("done\n");
            assertThat(container.getCurrentContainerInfo().getState().getExitCodeLong())
                    .isZero();
        }
    }

    @Test
    void containerThatFailsSaysSo() {
        try (GenericContainer<?> container = new GenericContainer<>(ALPINE)
                .withCommand("sh", "-c", "echo no good; exit 4")
                .withStartupCheckStrategy(new OneShotStartupCheckStrategy())) {
            assertThatThrownBy(container::start).isInstanceOf(ContainerLaunchException.class);
        }
    }

    @Test
    void programThatIsNotThereFailsTheStart() {
        try (GenericContainer<?> container = new GenericContainer<>(ALPINE).withCommand("/no/such/program")) {
            assertThatThrownBy(container::start)
                    .isInstanceOf(ContainerLaunchException.class)
                    .rootCause()
                    .hasMessageContaining("/no/such/program");
        }
    }

    @Test
    void imageThatIsNotThereFailsTheStart() {
        String image = System.getenv("REGISTRY") + "/nobody/has-this:1";
        try (GenericContainer<?> container = new GenericContainer<>(image)) {
            // It would be tried again for minutes if the engine did not say that the image is not there.
            assertThatThrownBy(container::start).rootCause().isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void whatTheCreationAsksForIsThereInTheInspection() {
        try (GenericContainer<?> container = idle().withLabel("team", "tests")
                .withWorkingDirectory("/tmp")
                .withExtraHost("elsewhere", "127.0.0.9")
                .withCreateContainerCmdModifier(command -> command.withHostName("harbour")
                        .withUser("nobody")
                        .getHostConfig()
                        .withMemory(64L << 20)
                        .withCpuCount(1L)
                        .withReadonlyRootfs(true)
                        .withCapDrop(Capability.NET_RAW))) {
            container.start();
            var info = container.getContainerInfo();
            assertThat(info.getConfig().getLabels())
                    .containsEntry("team", "tests")
                    .containsEntry("org.testcontainers", "true");
            assertThat(info.getConfig().getHostName()).isEqualTo("harbour");
            assertThat(info.getConfig().getWorkingDir()).isEqualTo("/tmp");
            assertThat(info.getConfig().getUser()).isEqualTo("nobody");
            assertThat(info.getHostConfig().getMemory()).isEqualTo(64L << 20);
            assertThat(info.getHostConfig().getReadonlyRootfs()).isTrue();
            assertThat(info.getHostConfig().getExtraHosts()).containsExactly("elsewhere:127.0.0.9");
            assertThat(info.getState().getRunning()).isTrue();
            assertThat(info.getName()).startsWith("/");
        }
    }

    @Test
    void containerIsPausedRestartedAndCommitted() throws Exception {
        try (GenericContainer<?> container = idle()) {
            container.start();
            var client = container.getDockerClient();
            client.pauseContainerCmd(container.getContainerId()).exec();
            assertThat(container.getCurrentContainerInfo().getState().getPaused())
                    .isTrue();
            client.unpauseContainerCmd(container.getContainerId()).exec();
            container.execInContainer("touch", "/kept");
            client.restartContainerCmd(container.getContainerId())
                    .withTimeout(3)
                    .exec();
            assertThat(container.execInContainer("ls", "/kept").getExitCode()).isZero();
            String image = client.commitCmd(container.getContainerId())
                    .withLabels(Session.labels())
                    .exec();
            try (GenericContainer<?> next =
                    new GenericContainer<>(DockerImageName.parse(image)).withCommand("sleep", "60")) {
                next.start();
                assertThat(next.execInContainer("ls", "/kept").getExitCode()).isZero();
            }
        }
    }
}
