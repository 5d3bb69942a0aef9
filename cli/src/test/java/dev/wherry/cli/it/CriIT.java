package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.wherry.cri.v1.ContainerConfig;
import dev.wherry.cri.v1.ContainerState;
import dev.wherry.cri.v1.ContainerStatsRequest;
import dev.wherry.cri.v1.ContainerStatus;
import dev.wherry.cri.v1.DNSConfig;
import dev.wherry.cri.v1.ExecSyncRequest;
import dev.wherry.cri.v1.ExecSyncResponse;
import dev.wherry.cri.v1.Image;
import dev.wherry.cri.v1.ImageFsInfoRequest;
import dev.wherry.cri.v1.ImageSpec;
import dev.wherry.cri.v1.ImageStatusRequest;
import dev.wherry.cri.v1.KeyValue;
import dev.wherry.cri.v1.LinuxContainerConfig;
import dev.wherry.cri.v1.LinuxContainerResources;
import dev.wherry.cri.v1.LinuxContainerSecurityContext;
import dev.wherry.cri.v1.LinuxPodSandboxConfig;
import dev.wherry.cri.v1.ListContainersRequest;
import dev.wherry.cri.v1.ListImagesRequest;
import dev.wherry.cri.v1.ListPodSandboxRequest;
import dev.wherry.cri.v1.Mount;
import dev.wherry.cri.v1.NamespaceMode;
import dev.wherry.cri.v1.NamespaceOption;
import dev.wherry.cri.v1.PodSandboxConfig;
import dev.wherry.cri.v1.PodSandboxState;
import dev.wherry.cri.v1.PodSandboxStatus;
import dev.wherry.cri.v1.PodSandboxStatusRequest;
import dev.wherry.cri.v1.RemoveContainerRequest;
import dev.wherry.cri.v1.RemovePodSandboxRequest;
import dev.wherry.cri.v1.ReopenContainerLogRequest;
import dev.wherry.cri.v1.StopContainerRequest;
import dev.wherry.cri.v1.StopPodSandboxRequest;
import dev.wherry.cri.v1.UpdateContainerResourcesRequest;
import dev.wherry.cri.v1.UpdatePodSandboxResourcesRequest;
import dev.wherry.cri.v1.VersionRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The daemon as the container runtime of a kubelet. */
class CriIT {

    private static final String FOREVER = "trap 'exit 0' TERM; while true; do sleep 1 & wait; done";

    @RegisterExtension
    static final Daemon daemon = new Daemon("--cri", "--cni-conf-dir", "/nowhere");

    private Kubelet kubelet;

    @BeforeAll
    static void image() throws Exception {
        Busybox.importInto(daemon);
    }

    @BeforeEach
    void connect() {
        kubelet = new Kubelet(daemon.criSocket());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        kubelet.removeAll();
        kubelet.close();
        await().untilAsserted(() -> assertThat(Holdings.wrong(daemon)).isEmpty());
    }

    private static Path logs() {
        return daemon.home().resolve("logs");
    }

    @Test
    void containersOfAPodShareWhatItHas() throws Exception {
        PodSandboxConfig pod = Kubelet.pod("web", logs())
                .setDnsConfig(DNSConfig.newBuilder().addServers("192.0.2.1").addSearches("a.example"))
                .setLinux(LinuxPodSandboxConfig.newBuilder().putSysctls("kernel.shm_rmid_forced", "1"))
                .build();
        String sandbox = kubelet.run(pod);
        String server = kubelet.start(
                sandbox,
                pod,
                Kubelet.container(
                                "server",
                                "sh",
                                "-c",
                                "mkdir /dev/shm/www; hostname >/dev/shm/www/hi; exec httpd -f -p 8080 -h /dev/shm/www")
                        .build());
        String client = kubelet.start(
                sandbox, pod, Kubelet.container("client", "sh", "-c", FOREVER).build());

        assertThat(kubelet.exec(client, "hostname").getStdout().toStringUtf8()).isEqualTo("web\n");
        assertThat(kubelet.exec(client, "cat", "/etc/resolv.conf").getStdout().toStringUtf8())
                .isEqualTo("search a.example\nnameserver 192.0.2.1\n");
        assertThat(kubelet.exec(client, "cat", "/proc/sys/kernel/shm_rmid_forced")
                        .getStdout()
                        .toStringUtf8())
                .isEqualTo("1\n");
        await().untilAsserted(() -> assertThat(kubelet.exec(client, "wget", "-qO-", "http://127.0.0.1:8080/hi")
                        .getStdout()
                        .toStringUtf8())
                .isEqualTo("web\n"));
        assertThat(kubelet.exec(client, "cat", "/dev/shm/www/hi").getStdout().toStringUtf8())
                .isEqualTo("web\n");
        PodSandboxStatus status = kubelet.runtime()
                .podSandboxStatus(PodSandboxStatusRequest.newBuilder()
                        .setPodSandboxId(sandbox)
                        .build())
                .getStatus();
        assertThat(status.getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
        assertThat(kubelet.exec(client, "cat", "/etc/hosts").getStdout().toStringUtf8())
                .contains(status.getNetwork().getIp() + "\tweb");
    }

    @Test
    void exitsAndLogsAreTold() throws Exception {
        PodSandboxConfig pod = Kubelet.pod("job", logs()).build();
        String sandbox = kubelet.run(pod);
        String job = kubelet.create(
                sandbox,
                pod,
                Kubelet.container("job", "sh", "-c", "echo out; echo err >&2; exit 3")
                        .putAnnotations("note", "kept")
                        .build());
        assertThat(kubelet.status(job).getState()).isEqualTo(ContainerState.CONTAINER_CREATED);
        kubelet.start(job);

        ContainerStatus ended = kubelet.awaitExit(job);
        assertThat(ended.getExitCode()).isEqualTo(3);
        assertThat(ended.getReason()).isEqualTo("Error");
        assertThat(ended.getAnnotationsMap()).containsExactly(java.util.Map.entry("note", "kept"));
        assertThat(Files.readAllLines(Path.of(ended.getLogPath())))
                .anySatisfy(line -> assertThat(line).matches("\\S+ stdout F out"))
                .anySatisfy(line -> assertThat(line).matches("\\S+ stderr F err"));
        assertThat(daemon.wherry("logs", job).ok().stdout()).isEqualTo("out\n");
    }

    @Test
    void usersSeePodsByTheirOwnCommands() throws Exception {
        PodSandboxConfig pod = Kubelet.pod("seen", logs()).build();
        String sandbox = kubelet.run(pod);
        String first = kubelet.start(
                sandbox,
                pod,
                Kubelet.container("first", "sh", "-c", "echo one; " + FOREVER).build());
        String other = kubelet.run(Kubelet.pod("other", logs()).build());

        assertThat(daemon.wherry("pod", "ls", "--no-trunc").ok().stdout())
                .containsPattern("POD ID +NAME +NAMESPACE +STATUS +CREATED +CONTAINERS")
                .containsPattern(sandbox + " +seen +default +ready +.* ago +1/1")
                .containsPattern(other + " +other +default +ready +.* ago +0/0");
        assertThat(daemon.wherry("pod", "ls", "-q", "--filter", "name=^seen$", "--filter", "label=app=seen")
                        .ok()
                        .line())
                .isEqualTo(sandbox.substring(0, 12));
        assertThat(daemon.wherry("pod", "ls", "--filter", "status=lost").stderr())
                .contains("invalid filter 'status=lost': use one of notready, ready");
        String format = "{{.Name}} {{.State}} {{index .Labels \"app\"}} {{range .Containers}}{{.Id}}{{end}}";
        for (String reference : List.of(sandbox, sandbox.substring(0, 12), "default/seen")) {
            assertThat(daemon.wherry("pod", "inspect", "-f", format, reference)
                            .ok()
                            .line())
                    .isEqualTo("seen ready seen " + first);
        }
        assertThat(daemon.wherry("pod", "inspect", "default/gone").stderr()).contains("no such pod: default/gone");
        await().untilAsserted(() -> assertThat(
                        daemon.wherry("pod", "logs", "default/seen").ok().stdout())
                .isEqualTo("one\n"));
        assertThat(daemon.wherry("pod", "logs", "default/other").stderr()).contains("has no containers");

        String second = kubelet.start(
                sandbox,
                pod,
                Kubelet.container("second", "sh", "-c", "echo two; " + FOREVER).build());

        assertThat(daemon.wherry("pod", "logs", sandbox).stderr())
                .contains("has several containers: name one of them: first, second");
        await().untilAsserted(() -> assertThat(
                        daemon.wherry("pod", "logs", sandbox, "second").ok().stdout())
                .isEqualTo("two\n"));
        String[] figures = daemon.wherry(
                        "pod", "stats", "--no-stream", "--format", "{{.Namespace}}/{{.Name}} {{.PIDs}}", "default/seen")
                .ok()
                .line()
                .split(" ");
        assertThat(figures[0]).isEqualTo("default/seen");
        assertThat(Integer.parseInt(figures[1])).isGreaterThanOrEqualTo(2);
        assertThat(daemon.wherry("pod", "stats", "--no-stream").ok().stdout())
                .containsPattern("other +default +0.00%")
                .containsPattern("seen +default +[0-9.]+%");

        kubelet.runtime()
                .stopPodSandbox(StopPodSandboxRequest.newBuilder()
                        .setPodSandboxId(sandbox)
                        .build());

        assertThat(daemon.wherry("pod", "ls", "--filter", "status=notready", "--format", "{{.Name}} {{.Containers}}")
                        .ok()
                        .line())
                .isEqualTo("seen 0/2");
    }

    @Test
    void logGoesOnInANewFileWhenItIsReopened() throws Exception {
        PodSandboxConfig pod = Kubelet.pod("rotated", logs()).build();
        String sandbox = kubelet.run(pod);
        String writer = kubelet.start(
                sandbox,
                pod,
                Kubelet.container("writer", "sh", "-c", "while true; do echo tick; sleep 0.1; done")
                        .build());
        Path log = Path.of(kubelet.status(writer).getLogPath());
        await().until(() -> Files.exists(log) && Files.size(log) > 0);
        Files.move(log, log.resolveSibling("0.log.old"));

        kubelet.runtime()
                .reopenContainerLog(ReopenContainerLogRequest.newBuilder()
                        .setContainerId(writer)
                        .build());

        await().until(() -> Files.exists(log) && Files.size(log) > 0);
    }

    @Test
    void containersOfAPodMayShareProcesses() {
        PodSandboxConfig pod = Kubelet.pod("shared", logs()).build();
        String sandbox = kubelet.run(pod);
        LinuxContainerConfig shared = LinuxContainerConfig.newBuilder()
                .setSecurityContext(LinuxContainerSecurityContext.newBuilder()
                        .setNamespaceOptions(NamespaceOption.newBuilder().setPid(NamespaceMode.POD)))
                .build();
        ContainerConfig.Builder one =
                Kubelet.container("one", "sh", "-c", FOREVER).setLinux(shared);
        ContainerConfig.Builder two = Kubelet.container("two", "sleep", "4711").setLinux(shared);
        String first = kubelet.start(sandbox, pod, one.build());
        String second = kubelet.start(sandbox, pod, two.build());

        assertThat(kubelet.exec(first, "ps").getStdout().toStringUtf8())
                .contains("/pause")
                .contains("sleep 4711");
    }

    @Test
    void programThatTakesTooLongIsKilled() {
        PodSandboxConfig pod = Kubelet.pod("slow", logs()).build();
        String sandbox = kubelet.run(pod);
        String container = kubelet.start(
                sandbox, pod, Kubelet.container("slow", "sh", "-c", FOREVER).build());

        assertThatThrownBy(() -> kubelet.runtime()
                        .execSync(ExecSyncRequest.newBuilder()
                                .setContainerId(container)
                                .addAllCmd(List.of("sleep", "4712"))
                                .setTimeout(1)
                                .build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        late -> assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
        assertThat(kubelet.exec(container, "ps").getStdout().toStringUtf8()).doesNotContain("4712");
        ExecSyncResponse both = kubelet.exec(container, "sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(both.getStdout().toStringUtf8()).isEqualTo("out\n");
        assertThat(both.getStderr().toStringUtf8()).isEqualTo("err\n");
        assertThat(both.getExitCode()).isEqualTo(7);
    }

    @Test
    void stopsAndRemovalsMayBeRepeated() throws Exception {
        PodSandboxConfig pod = Kubelet.pod("twice", logs()).build();
        String sandbox = kubelet.run(pod);
        String container = kubelet.start(
                sandbox, pod, Kubelet.container("twice", "sh", "-c", FOREVER).build());
        assertThatThrownBy(() -> kubelet.run(pod)).hasMessageContaining("has a sandbox of the attempt 0 already");
        assertThatThrownBy(() -> kubelet.create(
                        sandbox, pod, Kubelet.container("twice", "true").build()))
                .hasMessageContaining("already in use");

        for (int i = 0; i < 2; i++) {
            kubelet.runtime()
                    .stopPodSandbox(StopPodSandboxRequest.newBuilder()
                            .setPodSandboxId(sandbox)
                            .build());
            assertThat(kubelet.status(container).getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
        }
        for (int i = 0; i < 2; i++) {
            kubelet.runtime()
                    .stopContainer(StopContainerRequest.newBuilder()
                            .setContainerId(container)
                            .build());
            kubelet.runtime()
                    .removeContainer(RemoveContainerRequest.newBuilder()
                            .setContainerId(container)
                            .build());
            kubelet.runtime()
                    .removePodSandbox(RemovePodSandboxRequest.newBuilder()
                            .setPodSandboxId(sandbox)
                            .build());
        }
        assertThatThrownBy(() -> kubelet.status(container)).hasMessageStartingWith("NOT_FOUND");
        assertThatThrownBy(() -> kubelet.start(container)).hasMessageStartingWith("NOT_FOUND");
    }

    @Test
    void hostilePodsAreRefusedInALine() {
        PodSandboxConfig good = Kubelet.pod("hostile", logs()).build();
        List<PodSandboxConfig> bad = List.of(
                good.toBuilder().setLogDirectory("/var/../etc").build(),
                good.toBuilder().setHostname("a b").build(),
                good.toBuilder()
                        .setLinux(LinuxPodSandboxConfig.newBuilder().putSysctls("kernel.panic", "1"))
                        .build(),
                good.toBuilder()
                        .setLinux(
                                LinuxPodSandboxConfig.newBuilder().putSysctls("net.ipv4.conf/../../kernel.panic", "1"))
                        .build(),
                good.toBuilder()
                        .setLinux(LinuxPodSandboxConfig.newBuilder().setCgroupParent("../../system"))
                        .build(),
                good.toBuilder()
                        .setDnsConfig(DNSConfig.newBuilder().addSearches("a\nnameserver 1.2.3.4"))
                        .build(),
                PodSandboxConfig.getDefaultInstance());
        for (PodSandboxConfig pod : bad) {
            assertThatThrownBy(() -> kubelet.run(pod)).hasMessageStartingWith("INVALID_ARGUMENT");
        }
        assertThatThrownBy(() -> kubelet.run(good.toBuilder()
                        .putAnnotations("big", "x".repeat(1 << 20))
                        .build()))
                .isInstanceOf(StatusRuntimeException.class);
        String sandbox = kubelet.run(good);
        assertThatThrownBy(() -> kubelet.create(
                        sandbox,
                        good,
                        Kubelet.container("escapes", "true")
                                .setLogPath("../../../etc/cron.d/x")
                                .build()))
                .hasMessageContaining("log path");
        assertThatThrownBy(() -> kubelet.create(
                        sandbox,
                        good,
                        Kubelet.container("privileged", "true")
                                .setLinux(LinuxContainerConfig.newBuilder()
                                        .setSecurityContext(LinuxContainerSecurityContext.newBuilder()
                                                .setPrivileged(true)))
                                .build()))
                .hasMessageContaining("privileged pod");
    }

    @Test
    void limitsOfMemoryQosFollowTheControlGroupsOfTheHost() {
        PodSandboxConfig pod = Kubelet.pod("qos", logs()).build();
        String sandbox = kubelet.run(pod);
        String container = kubelet.start(
                sandbox, pod, Kubelet.container("a", "sh", "-c", FOREVER).build());

        LinuxContainerResources.Builder limits = LinuxContainerResources.newBuilder();
        limits.addHugepageLimitsBuilder().setPageSize("2MB");
        update(container, limits.build());
        LinuxContainerResources asked =
                limits.putUnified("memory.high", "67108864").build();
        boolean unified = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
        if (unified) {
            update(container, asked);
            assertThat(kubelet.exec(container, "cat", "/sys/fs/cgroup/memory.high")
                            .getStdout()
                            .toStringUtf8())
                    .isEqualTo("67108864\n");
        } else {
            assertThatThrownBy(() -> update(container, asked))
                    .hasMessageStartingWith("INVALID_ARGUMENT")
                    .hasMessageContaining("control groups of version 1");
        }
        LinuxContainerResources kept = kubelet.status(container).getResources().getLinux();
        assertThat(kept.getHugepageLimitsList()).isEqualTo(asked.getHugepageLimitsList());
        assertThat(kept.getUnifiedMap()).isEqualTo(unified ? asked.getUnifiedMap() : Map.of());

        LinuxContainerResources outside = LinuxContainerResources.newBuilder()
                .putUnified("../cgroup.procs", "1")
                .build();
        assertThatThrownBy(() -> update(container, outside)).hasMessageStartingWith("INVALID_ARGUMENT");
    }

    @Test
    void limitsOfAPodAreKept() throws Exception {
        String sandbox = kubelet.run(Kubelet.pod("resized", logs()).build());
        kubelet.runtime()
                .updatePodSandboxResources(UpdatePodSandboxResourcesRequest.newBuilder()
                        .setPodSandboxId(sandbox)
                        .setResources(LinuxContainerResources.newBuilder().setMemoryLimitInBytes(123456789))
                        .build());

        daemon.restart();

        kubelet.close();
        kubelet = new Kubelet(daemon.criSocket());
        String info = kubelet.runtime()
                .podSandboxStatus(PodSandboxStatusRequest.newBuilder()
                        .setPodSandboxId(sandbox)
                        .setVerbose(true)
                        .build())
                .getInfoOrThrow("info");
        assertThat(info).contains("\"limits\":{\"resources\":{\"memory\":123456789,");
    }

    private void update(String container, LinuxContainerResources limits) {
        kubelet.runtime()
                .updateContainerResources(UpdateContainerResourcesRequest.newBuilder()
                        .setContainerId(container)
                        .setLinux(limits)
                        .build());
    }

    @Test
    void podsOutliveADaemonThatIsKilled() throws Exception {
        PodSandboxConfig pod = Kubelet.pod("survivor", logs()).build();
        String sandbox = kubelet.run(pod);
        String running = kubelet.start(
                sandbox, pod, Kubelet.container("running", "sh", "-c", FOREVER).build());
        String ending = kubelet.start(
                sandbox,
                pod,
                Kubelet.container("ending", "sh", "-c", "sleep 1; exit 5").build());
        daemon.kill();
        Thread.sleep(1500);
        daemon.start();

        kubelet.close();
        kubelet = new Kubelet(daemon.criSocket());
        assertThat(kubelet.runtime()
                        .listPodSandbox(ListPodSandboxRequest.getDefaultInstance())
                        .getItemsList())
                .singleElement()
                .satisfies(listed -> {
                    assertThat(listed.getId()).isEqualTo(sandbox);
                    assertThat(listed.getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
                });
        assertThat(kubelet.status(ending).getExitCode()).isEqualTo(5);
        assertThat(kubelet.exec(running, "hostname").getStdout().toStringUtf8()).isEqualTo("survivor\n");
        String late = kubelet.start(
                sandbox, pod, Kubelet.container("late", "hostname").build());
        assertThat(kubelet.awaitExit(late).getExitCode()).isZero();
    }

    @Test
    void wherryShowsContainersOfPodsAndLeavesThemAlone() {
        PodSandboxConfig pod = Kubelet.pod("listed", logs()).build();
        String sandbox = kubelet.run(pod);
        String container = kubelet.start(
                sandbox, pod, Kubelet.container("listed", "sh", "-c", FOREVER).build());

        for (String name : List.of("listed", "default/listed", sandbox.substring(0, 12))) {
            assertThat(daemon.wherry("ps", "-q", "--no-trunc", "--filter", "pod=" + name)
                            .ok()
                            .stdout())
                    .isEqualTo(container + "\n");
        }
        assertThat(daemon.wherry("ps", "-q", "--filter", "pod=other").ok().stdout())
                .isEmpty();
        assertThat(daemon.wherry("rm", "-f", container).stderr()).contains("--force-pod");
        daemon.wherry("container", "prune", "-f").ok();
        daemon.wherry("rm", "-f", "--force-pod", container).ok();
        assertThat(kubelet.runtime()
                        .listContainers(ListContainersRequest.getDefaultInstance())
                        .getContainersList())
                .isEmpty();
    }

    @Test
    void imagesAreMountedAsVolumes() throws Exception {
        PodSandboxConfig pod = Kubelet.pod("image", logs()).build();
        String sandbox = kubelet.run(pod);
        Mount.Builder mount = Mount.newBuilder()
                .setContainerPath("/image")
                .setImage(ImageSpec.newBuilder().setImage("busybox"))
                .setImageSubPath("bin")
                .setReadonly(true);
        String container = kubelet.start(
                sandbox,
                pod,
                Kubelet.container("reads", "/image/busybox", "true")
                        .addMounts(mount)
                        .build());

        ContainerStatus ended = kubelet.awaitExit(container);
        assertThat(ended.getExitCode()).isZero();
        assertThat(ended.getMounts(0).getImage().getImageRef()).isEqualTo(ended.getImageId());
        assertThatThrownBy(() -> kubelet.create(
                        sandbox,
                        pod,
                        Kubelet.container("writes", "true")
                                .addMounts(mount.clone().setReadonly(false))
                                .build()))
                .hasMessageContaining("can only be read");
        assertThatThrownBy(() -> kubelet.create(
                        sandbox,
                        pod,
                        Kubelet.container("absent", "true")
                                .addMounts(mount.clone().setImageSubPath("bin/absent"))
                                .build()))
                .hasMessageContaining("no such file or directory");
    }

    @Test
    void imagesAreThoseOfWherry() {
        Image listed = kubelet.images()
                .listImages(ListImagesRequest.getDefaultInstance())
                .getImages(0);
        assertThat(listed.getRepoTagsList()).containsExactly("docker.io/library/busybox:latest");
        assertThat(listed.getSize()).isPositive();
        for (String name : List.of("busybox", listed.getId(), "docker.io/library/busybox:latest")) {
            assertThat(kubelet.images()
                            .imageStatus(ImageStatusRequest.newBuilder()
                                    .setImage(ImageSpec.newBuilder().setImage(name))
                                    .build())
                            .getImage()
                            .getId())
                    .isEqualTo(listed.getId());
        }
        assertThat(kubelet.images()
                        .imageStatus(ImageStatusRequest.newBuilder()
                                .setImage(ImageSpec.newBuilder().setImage("absent:1"))
                                .build())
                        .hasImage())
                .isFalse();
    }

    @Test
    void variablesMayBeAsLargeAsTheKernelLetsThemBe() throws Exception {
        PodSandboxConfig pod = Kubelet.pod("large", logs()).build();
        String sandbox = kubelet.run(pod);
        ContainerConfig.Builder config = Kubelet.container("large", "sh", "-c", "echo ${#V0} ${#V9}");
        for (int i = 0; i < 10; i++) {
            config.addEnvs(
                    KeyValue.newBuilder().setKey("V" + i).setValue(ByteString.copyFromUtf8("x".repeat(100_000))));
        }
        String container = kubelet.start(sandbox, pod, config.build());

        assertThat(kubelet.awaitExit(container).getExitCode()).isZero();
        assertThat(Files.readString(logs().resolve("large/0.log"))).contains(" F 100000 100000");
    }

    @Test
    void filesOfImagesAndContainersAreCounted() {
        PodSandboxConfig pod = Kubelet.pod("counted", logs()).build();
        String container = kubelet.start(
                kubelet.run(pod),
                pod,
                Kubelet.container("counted", "sh", "-c", "cd; for i in 1 2 3 4 5; do : >$i; done; " + FOREVER)
                        .build());

        await().untilAsserted(() -> assertThat(kubelet.runtime()
                        .containerStats(ContainerStatsRequest.newBuilder()
                                .setContainerId(container)
                                .build())
                        .getStats()
                        .getWritableLayer()
                        .getInodesUsed()
                        .getValue())
                .isGreaterThan(5));
        assertThat(kubelet.images()
                        .imageFsInfo(ImageFsInfoRequest.getDefaultInstance())
                        .getImageFilesystems(0)
                        .getInodesUsed()
                        .getValue())
                .isGreaterThan(10);
    }

    @Test
    void theServicesOfAKubeletAreOnItsSocketAlone() {
        assertThat(kubelet.runtime()
                        .version(VersionRequest.getDefaultInstance())
                        .getVersion())
                .isEqualTo("0.1.0");
        try (Kubelet elsewhere = new Kubelet(daemon.socket())) {
            assertThatThrownBy(() -> elsewhere.runtime().version(VersionRequest.getDefaultInstance()))
                    .hasMessageStartingWith("UNIMPLEMENTED");
        }
    }
}
