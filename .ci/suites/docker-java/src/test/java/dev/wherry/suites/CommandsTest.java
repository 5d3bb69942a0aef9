package dev.wherry.suites;

import static dev.wherry.suites.Engine.IMAGE;
import static dev.wherry.suites.Engine.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.UpdateContainerResponse;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.api.model.Volume;
import dev.wherry.suites.Engine.Output;
import dev.wherry.suites.Engine.Transport;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The library's commands, by each of its transports. */
@ParameterizedClass(name = "{0}")
@EnumSource(Transport.class)
@Timeout(60)
class CommandsTest {

    @Parameter
    Transport transport;

    private Engine engine;

    @BeforeEach
    void open() throws Exception {
        engine = new Engine(transport);
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
    }

    private static String unique(String prefix) {
        return prefix + UUID.randomUUID().toString().substring(0, 8);
    }

    @Test
    void engineTellsOfItself() {
        engine.client.pingCmd().exec();
        Version version = engine.client.versionCmd().exec();
        assertThat(version.getVersion()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(version.getGoVersion()).isNotEmpty();
        assertThat(version.getOperatingSystem()).isEqualTo("linux");
        Info info = engine.client.infoCmd().exec();
        assertThat(info.getImages()).isPositive();
        assertThat(info.getNCPU()).isPositive();
        assertThat(info.getNFd()).isPositive();
        assertThat(info.getRuntimes()).isNotEmpty();
        assertThat(info.getSwarm().getNodeID()).isEmpty();
    }

    @Test
    void containerIsCreatedStartedAndInspected() {
        String name = unique("created-");
        String id = engine.create(engine.container("sh", "-c", "echo $A; exit 3")
                .withName(name)
                .withEnv("A=1", "B=2")
                .withLabels(Map.of("team", "tests"))
                .withHostName("harbour")
                .withWorkingDir("/tmp")
                .withUser("root")
                .withMacAddress("00:80:41:ae:fd:7e"));
        engine.start(id);
        assertThat(engine.await(id)).isEqualTo(3);
        InspectContainerResponse found = engine.client.inspectContainerCmd(name).exec();
        assertThat(found.getId()).isEqualTo(id);
        assertThat(found.getName()).isEqualTo("/" + name);
        assertThat(found.getConfig().getEnv()).contains("A=1", "B=2");
        assertThat(found.getConfig().getLabels()).containsEntry("team", "tests");
        assertThat(found.getConfig().getHostName()).isEqualTo("harbour");
        assertThat(found.getConfig().getMacAddress()).isEqualTo("00:80:41:ae:fd:7e");
        assertThat(found.getState().getExitCodeLong()).isEqualTo(3);
        assertThat(found.getState().getStatus()).isEqualTo("exited");
        assertThatThrownBy(() ->
                        engine.client.createContainerCmd(IMAGE).withName(name).exec())
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("is already in use");
    }

    @Test
    void mistakesHaveTheirExceptions() {
        assertThatThrownBy(() -> engine.client.inspectContainerCmd("nobody").exec())
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("No such container: nobody");
        assertThatThrownBy(
                        () -> engine.client.createContainerCmd("no/such:image").exec())
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("No such image: no/such:image");
        assertThatThrownBy(() -> engine.client.inspectImageCmd("no/such:image").exec())
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> engine.client.removeNetworkCmd("nobody").exec())
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> engine.client.inspectVolumeCmd("nobody").exec())
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> engine.client
                        .createContainerCmd(IMAGE)
                        .withName("no good name")
                        .exec())
                .isInstanceOf(BadRequestException.class);
        String none = System.getenv("REGISTRY") + "/nobody/has-this:1";
        assertThatThrownBy(() -> engine.client.pullImageCmd(none).start().awaitCompletion(SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> engine.client.pushImageCmd(none).start().awaitCompletion(SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(DockerClientException.class);
    }

    @Test
    void limitsMountsAndPortsComeBack(@TempDir Path folder) {
        String id = engine.create(engine.container("sleep", "100")
                .withExposedPorts(ExposedPort.tcp(80), ExposedPort.udp(53))
                .withHostConfig(HostConfig.newHostConfig()
                        .withMemory(64L << 20)
                        .withNanoCPUs(500_000_000L)
                        .withPidsLimit(50L)
                        .withRestartPolicy(RestartPolicy.onFailureRestart(2))
                        .withPortBindings(PortBinding.parse("127.0.0.1::80"))
                        .withBinds(Bind.parse(folder + ":/data:ro")))
                .withVolumes(new Volume("/anonymous")));
        engine.start(id);
        InspectContainerResponse found = engine.client.inspectContainerCmd(id).exec();
        assertThat(found.getHostConfig().getMemory()).isEqualTo(64L << 20);
        assertThat(found.getHostConfig().getNanoCPUs()).isEqualTo(500_000_000L);
        assertThat(found.getHostConfig().getPidsLimit()).isEqualTo(50);
        assertThat(found.getHostConfig().getRestartPolicy()).isEqualTo(RestartPolicy.onFailureRestart(2));
        assertThat(found.getNetworkSettings().getPorts().getBindings().get(ExposedPort.tcp(80)))
                .singleElement()
                .satisfies(binding -> assertThat(binding.getHostIp()).isEqualTo("127.0.0.1"));
        assertThat(found.getMounts()).hasSize(2);
        UpdateContainerResponse updated = engine.client
                .updateContainerCmd(id)
                .withMemory(32L << 20)
                .withMemorySwap(64L << 20)
                .exec();
        assertThat(updated.getWarnings()).isNullOrEmpty();
        assertThat(engine.client.inspectContainerCmd(id).exec().getHostConfig().getMemory())
                .isEqualTo(32L << 20);
    }

    @Test
    void lifeOfAContainer() throws Exception {
        String id = engine.run("sh", "-c", "trap 'exit 9' TERM; while :; do sleep 0.1; done");
        engine.client.pauseContainerCmd(id).exec();
        assertThat(engine.client.inspectContainerCmd(id).exec().getState().getPaused())
                .isTrue();
        engine.client.unpauseContainerCmd(id).exec();
        engine.client.restartContainerCmd(id).withTimeout(5).exec();
        assertThat(engine.client.topContainerCmd(id).exec().getProcesses()).isNotEmpty();
        String name = unique("renamed-");
        engine.client.renameContainerCmd(id).withName(name).exec();
        engine.client.stopContainerCmd(name).withTimeout(5).exec();
        assertThat(engine.client.inspectContainerCmd(id).exec().getState().getExitCodeLong())
                .isEqualTo(9);
        engine.start(id);
        engine.client.killContainerCmd(id).exec();
        assertThat(engine.await(id)).isEqualTo(137);
        engine.client.removeContainerCmd(id).exec();
        assertThatThrownBy(() -> engine.client.inspectContainerCmd(id).exec()).isInstanceOf(NotFoundException.class);
    }

    @Test
    void listsAreFiltered() {
        String label = unique("label-");
        String up = engine.start(engine.create(engine.container("sleep", "100").withLabels(Map.of(label, "up"))));
        String created = engine.create(engine.container("true").withLabels(Map.of(label, "created")));
        assertThat(engine.client
                        .listContainersCmd()
                        .withLabelFilter(List.of(label))
                        .exec())
                .extracting(Container::getId)
                .containsExactly(up);
        assertThat(engine.client
                        .listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(List.of(label))
                        .exec())
                .extracting(Container::getId)
                .containsExactlyInAnyOrder(up, created);
        assertThat(engine.client
                        .listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(Map.of(label, "created"))
                        .withStatusFilter(List.of("created"))
                        .exec())
                .extracting(Container::getId)
                .containsExactly(created);
        assertThat(engine.client.listImagesCmd().withImageNameFilter("busybox").exec())
                .isNotEmpty();
    }

    @Test
    void logsAreReadAndFollowed() throws Exception {
        String id = engine.run("sh", "-c", "echo one; echo two >&2; sleep 0.5; echo three");
        Output followed = new Output();
        engine.client
                .logContainerCmd(id)
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .exec(followed);
        assertThat(followed.awaitCompletion(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(followed.out()).isEqualTo("one\nthree\n");
        assertThat(followed.err()).isEqualTo("two\n");
        Output last = new Output();
        engine.client
                .logContainerCmd(id)
                .withStdOut(true)
                .withTail(1)
                .withTimestamps(true)
                .exec(last)
                .awaitCompletion();
        assertThat(last.out()).matches("\\d{4}-\\d\\d-\\d\\dT\\S+Z three\n");
    }

    @Test
    void outputIsAttachedAndInputSent() throws Exception {
        String id = engine.create(
                engine.container("sh", "-c", "read line; echo got $line; read line; echo $line; echo end >&2")
                        .withStdinOpen(true)
                        .withStdInOnce(true)
                        .withAttachStdin(true));
        PipedOutputStream input = new PipedOutputStream();
        Output output = new Output();
        engine.client
                .attachContainerCmd(id)
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .withStdIn(new PipedInputStream(input))
                .exec(output)
                .awaitStarted(SECONDS, TimeUnit.SECONDS);
        engine.start(id);
        input.write("first\nsecond\n".getBytes(StandardCharsets.UTF_8));
        assertThat(engine.await(id)).isZero();
        assertThat(output.awaitCompletion(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(output.out()).isEqualTo("got first\nsecond\n");
        assertThat(output.err()).isEqualTo("end\n");
        input.close();
    }

    @Test
    void commandsRunInAContainer() throws Exception {
        String id = engine.run("sleep", "100");
        String exec = engine.client
                .execCreateCmd(id)
                .withAttachStdout(true)
                .withAttachStderr(true)
                .withEnv(List.of("A=x"))
                .withWorkingDir("/tmp")
                .withCmd("sh", "-c", "pwd; echo $A >&2; exit 4")
                .exec()
                .getId();
        Output output = new Output();
        engine.client.execStartCmd(exec).exec(output).awaitCompletion(SECONDS, TimeUnit.SECONDS);
        assertThat(output.out()).isEqualTo("/tmp\n");
        assertThat(output.err()).isEqualTo("x\n");
        assertThat(engine.client.inspectExecCmd(exec).exec().getExitCodeLong()).isEqualTo(4);

        // The library does not tell the end of the input.
        String line = engine.client
                .execCreateCmd(id)
                .withAttachStdin(true)
                .withAttachStdout(true)
                .withCmd("head", "-n", "1")
                .exec()
                .getId();
        Output echoed = new Output();
        engine.client
                .execStartCmd(line)
                .withStdIn(new ByteArrayInputStream("to and fro\n".getBytes(StandardCharsets.UTF_8)))
                .exec(echoed)
                .awaitCompletion(SECONDS, TimeUnit.SECONDS);
        assertThat(echoed.out()).isEqualTo("to and fro\n");
    }

    @Test
    void terminalOfACommandHasTheSizeThatIsAskedFor() throws Exception {
        String id = engine.run("sleep", "100");
        String exec = engine.client
                .execCreateCmd(id)
                .withTty(true)
                .withAttachStdout(true)
                .withCmd(
                        "sh",
                        "-c",
                        "for i in $(seq 100); do stty size | grep '30 120' && exit 0; sleep 0.1; done; exit 1")
                .exec()
                .getId();
        Output output = new Output();
        engine.client.execStartCmd(exec).withTty(true).exec(output).awaitStarted();
        engine.client.resizeExecCmd(exec).withSize(30, 120).exec();
        assertThat(output.awaitCompletion(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(output.out()).contains("30 120");
    }

    @Test
    void filesAreCopiedInAndOut(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("file"), "text");
        Files.createDirectories(folder.resolve("tree/deep"));
        Files.writeString(folder.resolve("tree/deep/leaf"), "leaf");
        String id = engine.create(engine.container("sh", "-c", "cat /srv/file /srv/tree/deep/leaf; echo out >/tmp/made")
                .withVolumes(new Volume("/srv")));
        engine.client
                .copyArchiveToContainerCmd(id)
                .withHostResource(folder.resolve("file").toString())
                .withRemotePath("/srv")
                .exec();
        engine.client
                .copyArchiveToContainerCmd(id)
                .withHostResource(folder.resolve("tree").toString())
                .withRemotePath("/srv")
                .exec();
        engine.start(id);
        assertThat(engine.await(id)).isZero();
        Output output = new Output();
        engine.client.logContainerCmd(id).withStdOut(true).exec(output).awaitCompletion();
        assertThat(output.out()).isEqualTo("textleaf");
        try (TarArchiveInputStream archive = new TarArchiveInputStream(
                engine.client.copyArchiveFromContainerCmd(id, "/tmp/made").exec())) {
            assertThat(archive.getNextEntry().getName()).isEqualTo("made");
            assertThat(new String(archive.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("out\n");
        }
        assertThat(engine.client.containerDiffCmd(id).exec())
                .anyMatch(change -> change.getPath().equals("/tmp/made"));
        assertThatThrownBy(() ->
                        engine.client.copyArchiveFromContainerCmd(id, "/none").exec())
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void imageIsBuiltTaggedCommittedSavedAndLoaded(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("Dockerfile"), """
                FROM busybox:latest
                ARG version=none
                COPY greeting /greeting
                RUN echo $version >/version
                LABEL made=here
                CMD ["cat", "/greeting", "/version"]
                """);
        Files.writeString(folder.resolve("greeting"), "hello\n");
        String tag = unique("built-");
        String image = engine.client
                .buildImageCmd(folder.toFile())
                .withTags(Set.of(tag + ":1"))
                .withBuildArg("version", "7")
                .withNoCache(true)
                .start()
                .awaitImageId(SECONDS, TimeUnit.SECONDS);
        InspectImageResponse built = engine.client.inspectImageCmd(image).exec();
        assertThat(built.getRepoTags()).containsExactly(tag + ":1");
        assertThat(built.getConfig().getLabels()).containsEntry("made", "here");
        assertThat(built.getConfig().getCmd()).containsExactly("cat", "/greeting", "/version");

        String id = engine.create(engine.client.createContainerCmd(tag + ":1"));
        engine.start(id);
        assertThat(engine.await(id)).isZero();
        Output output = new Output();
        engine.client.logContainerCmd(id).withStdOut(true).exec(output).awaitCompletion();
        assertThat(output.out()).isEqualTo("hello\n7\n");

        String committed = engine.client
                .commitCmd(id)
                .withRepository(tag)
                .withTag("2")
                .withMessage("why")
                .withLabels(Map.of("label1", "abc"))
                .withEnv("A=1")
                .exec();
        InspectImageResponse next = engine.client.inspectImageCmd(committed).exec();
        assertThat(next.getConfig().getLabels()).containsEntry("label1", "abc").containsEntry("made", "here");
        assertThat(next.getConfig().getEnv()).contains("A=1");

        Path archive = folder.resolve("archive");
        try (InputStream saved = engine.client.saveImageCmd(tag + ":2").exec()) {
            Files.copy(saved, archive);
        }
        engine.client.removeImageCmd(tag + ":2").withForce(true).exec();
        assertThatThrownBy(() -> engine.client.inspectImageCmd(tag + ":2").exec())
                .isInstanceOf(NotFoundException.class);
        try (InputStream saved = Files.newInputStream(archive)) {
            engine.client.loadImageCmd(saved).exec();
        }
        assertThat(engine.client.inspectImageCmd(tag + ":2").exec().getId()).isEqualTo(committed);
        engine.client.removeImageCmd(tag + ":2").withForce(true).exec();
        engine.client.removeContainerCmd(id).withForce(true).exec();
        engine.client.removeImageCmd(tag + ":1").withForce(true).exec();
    }

    @Test
    void stepThatFailsFailsTheBuild(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("Dockerfile"), "FROM busybox:latest\nRUN exit 7\n");
        assertThatThrownBy(() ->
                        engine.client.buildImageCmd(folder.toFile()).start().awaitImageId(SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(DockerClientException.class)
                .hasMessageContaining("returned a non-zero code: 7");
    }

    @Test
    void imageIsPushedAndPulled() throws Exception {
        String name = System.getenv("REGISTRY") + "/" + unique("pushed-");
        engine.client.tagImageCmd(IMAGE, name, "1").exec();
        engine.client.pushImageCmd(name + ":1").start().awaitCompletion(SECONDS, TimeUnit.SECONDS);
        engine.client.removeImageCmd(name + ":1").exec();
        engine.client.pullImageCmd(name).withTag("1").start().awaitCompletion(SECONDS, TimeUnit.SECONDS);
        assertThat(engine.client.inspectImageCmd(name + ":1").exec().getRepoDigests())
                .anyMatch(digest -> digest.startsWith(name + "@sha256:"));
        engine.client.removeImageCmd(name + ":1").exec();
    }

    @Test
    void eventsAreFollowed() throws Exception {
        List<Event> events = new CopyOnWriteArrayList<>();
        CountDownLatch died = new CountDownLatch(1);
        ResultCallback.Adapter<Event> listener = new ResultCallback.Adapter<>() {
            @Override
            public void onNext(Event event) {
                events.add(event);
                if ("die".equals(event.getAction())) {
                    died.countDown();
                }
            }
        };
        String label = unique("events-");
        engine.client.eventsCmd().withLabelFilter(label).exec(listener).awaitStarted(SECONDS, TimeUnit.SECONDS);
        String id = engine.start(engine.create(engine.container("true").withLabels(Map.of(label, ""))));
        assertThat(died.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        listener.close();
        assertThat(events).extracting(Event::getAction).contains("create", "start", "die");
        assertThat(events).extracting(Event::getId).contains(id);
        assertThat(events.getFirst().getFrom()).isEqualTo(IMAGE);
    }

    @Test
    void statisticsAreRead() throws Exception {
        String id = engine.run("sleep", "100");
        List<Statistics> seen = new CopyOnWriteArrayList<>();
        engine.client
                .statsCmd(id)
                .withNoStream(true)
                .exec(new ResultCallback.Adapter<Statistics>() {
                    @Override
                    public void onNext(Statistics statistics) {
                        seen.add(statistics);
                    }
                })
                .awaitCompletion(SECONDS, TimeUnit.SECONDS);
        assertThat(seen).singleElement().satisfies(one -> {
            assertThat(one.getMemoryStats().getUsage()).isPositive();
            assertThat(one.getCpuStats().getOnlineCpus()).isPositive();
            assertThat(one.getPidsStats().getCurrent()).isEqualTo(1);
        });
    }

    @Test
    void networksAndVolumesHaveLives() {
        String name = unique("net-");
        String network = engine.client
                .createNetworkCmd()
                .withName(name)
                .withIpam(new Network.Ipam().withConfig(new Network.Ipam.Config().withSubnet("10.211.17.0/24")))
                .withLabels(Map.of("a", "b"))
                .exec()
                .getId();
        String id = engine.run("sleep", "100");
        engine.client
                .connectToNetworkCmd()
                .withContainerId(id)
                .withNetworkId(network)
                .exec();
        Network found = engine.client.inspectNetworkCmd().withNetworkId(name).exec();
        assertThat(found.getContainers()).containsOnlyKeys(id);
        assertThat(found.getIpam().getConfig().getFirst().getSubnet()).isEqualTo("10.211.17.0/24");
        assertThat(engine.client.listNetworksCmd().withNameFilter(name).exec()).hasSize(1);
        engine.client
                .disconnectFromNetworkCmd()
                .withContainerId(id)
                .withNetworkId(network)
                .exec();
        engine.client.removeNetworkCmd(network).exec();

        String volume = unique("volume-");
        engine.client
                .createVolumeCmd()
                .withName(volume)
                .withLabels(Map.of("a", "b"))
                .exec();
        assertThat(engine.client.inspectVolumeCmd(volume).exec().getMountpoint())
                .startsWith("/");
        assertThat(engine.client
                        .listVolumesCmd()
                        .withFilter("name", List.of(volume))
                        .exec()
                        .getVolumes())
                .hasSize(1);
        engine.client.removeVolumeCmd(volume).exec();
    }
}
