package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.cri.v1.ContainerConfig;
import dev.wherry.cri.v1.IDMapping;
import dev.wherry.cri.v1.ImageSpec;
import dev.wherry.cri.v1.LinuxContainerConfig;
import dev.wherry.cri.v1.LinuxContainerSecurityContext;
import dev.wherry.cri.v1.LinuxPodSandboxConfig;
import dev.wherry.cri.v1.LinuxSandboxSecurityContext;
import dev.wherry.cri.v1.Mount;
import dev.wherry.cri.v1.NamespaceMode;
import dev.wherry.cri.v1.NamespaceOption;
import dev.wherry.cri.v1.PodSandboxConfig;
import dev.wherry.cri.v1.PodSandboxStatusRequest;
import dev.wherry.cri.v1.StatusRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pods whose root is an ordinary user of the host. */
class CriUserNamespaceIT {

    private static final String FOREVER = "trap 'exit 0' TERM; while true; do sleep 1 & wait; done";
    private static final int ROOT = 200_000;
    private static final int SIZE = 65536;

    private static final IDMapping MAPPING =
            IDMapping.newBuilder().setHostId(ROOT).setLength(SIZE).build();

    @RegisterExtension
    static final Daemon daemon = new Daemon("--cri", "--cni-conf-dir", "/nowhere");

    private Kubelet kubelet;

    @BeforeAll
    static void image() throws Exception {
        // As the folders of a service are; its root could not come through that of a test.
        Files.setPosixFilePermissions(daemon.home(), PosixFilePermissions.fromString("rwx--x--x"));
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

    private static NamespaceOption mapped(NamespaceMode pid) {
        return NamespaceOption.newBuilder()
                .setPid(pid)
                .setUsernsOptions(Kubelet.users(MAPPING))
                .build();
    }

    private static PodSandboxConfig pod(String name, NamespaceMode pid) {
        return Kubelet.pod(name, daemon.home().resolve("logs"))
                .setLinux(LinuxPodSandboxConfig.newBuilder()
                        .putSysctls("net.ipv4.ip_unprivileged_port_start", "80")
                        .putSysctls("kernel.shm_rmid_forced", "1")
                        .setSecurityContext(
                                LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(mapped(pid))))
                .build();
    }

    private static ContainerConfig.Builder container(String name, NamespaceMode pid, String... command) {
        return Kubelet.container(name, command)
                .setLinux(LinuxContainerConfig.newBuilder()
                        .setSecurityContext(
                                LinuxContainerSecurityContext.newBuilder().setNamespaceOptions(mapped(pid))));
    }

    private String said(String container, String... command) {
        var answer = kubelet.exec(container, command);
        return answer.getStdout().toStringUtf8() + answer.getStderr().toStringUtf8();
    }

    private static int uidOnHost(String container) throws Exception {
        String pid = daemon.wherry("inspect", "-f", "{{.State.Pid}}", container)
                .ok()
                .stdout()
                .strip();
        return Files.readAllLines(Path.of("/proc", pid, "status")).stream()
                .filter(line -> line.startsWith("Uid:"))
                .map(line -> Integer.parseInt(line.split("\\s+")[1]))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void rootIsAnOrdinaryUserOfTheHost() throws Exception {
        Path volume = Files.createDirectories(daemon.home().resolve("volume"));
        Files.writeString(volume.resolve("given"), "of root");
        Path plain = Files.createDirectories(daemon.home().resolve("plain"));
        PodSandboxConfig pod = pod("mapped", NamespaceMode.CONTAINER);
        String sandbox = kubelet.run(pod);
        String server = kubelet.start(
                sandbox,
                pod,
                container("server", NamespaceMode.CONTAINER, "sh", "-c", FOREVER)
                        .addMounts(Mount.newBuilder()
                                .setHostPath(volume.toString())
                                .setContainerPath("/volume")
                                .addUidMappings(MAPPING)
                                .addGidMappings(MAPPING))
                        .addMounts(
                                Mount.newBuilder().setHostPath(plain.toString()).setContainerPath("/plain"))
                        .addMounts(Mount.newBuilder()
                                .setHostPath(volume.toString())
                                .setContainerPath("/readonly")
                                .setReadonly(true)
                                .addUidMappings(MAPPING)
                                .addGidMappings(MAPPING))
                        .addMounts(Mount.newBuilder()
                                .setContainerPath("/image")
                                .setReadonly(true)
                                .setImage(ImageSpec.newBuilder().setImage("busybox")))
                        .build());

        assertThat(uidOnHost(server)).isEqualTo(ROOT);
        assertThat(said(server, "cat", "/proc/self/uid_map").strip().split("\\s+"))
                .containsExactly("0", Integer.toString(ROOT), Integer.toString(SIZE));
        assertThat(said(server, "id", "-u")).isEqualTo("0\n");
        assertThat(said(server, "stat", "-c", "%u:%g", "/", "/bin", "/volume", "/volume/given", "/image/bin"))
                .isEqualTo("0:0\n".repeat(5));
        assertThat(said(server, "sh", "-c", "touch /plain/new")).contains("Permission denied");
        assertThat(said(server, "sh", "-c", "touch /readonly/new")).contains("Read-only file system");
        assertThat(said(
                        server,
                        "sh",
                        "-c",
                        "echo made > /made && chown 5:7 /made && touch /volume/new && cp /bin/busybox /bin/copy"
                                + " && hostname && cat /proc/sys/kernel/shm_rmid_forced && ls /sys/class/net && touch"
                                + " /dev/shm/x && stat -c %u /dev/mqueue"))
                .isEqualTo("mapped\n1\neth0\nlo\n0\n");
        assertThat(Files.getAttribute(volume.resolve("new"), "unix:uid")).isEqualTo(0);
        assertThat(kubelet.runtime()
                        .podSandboxStatus(PodSandboxStatusRequest.newBuilder()
                                .setPodSandboxId(sandbox)
                                .build())
                        .getStatus()
                        .getLinux()
                        .getNamespaces()
                        .getOptions()
                        .getUsernsOptions()
                        .getUids(0))
                .isEqualTo(MAPPING);
    }

    @Test
    void imagesOfItsContainersAreLikeAnyOther() throws Exception {
        PodSandboxConfig pod = pod("kept", NamespaceMode.CONTAINER);
        String sandbox = kubelet.run(pod);
        String worker = kubelet.start(
                sandbox,
                pod,
                container(
                                "worker",
                                NamespaceMode.CONTAINER,
                                "sh",
                                "-c",
                                "echo made > /made; chown 5:7 /made;" + FOREVER)
                        .build());
        await().until(() -> said(worker, "stat", "-c", "%u", "/made").equals("5\n"));

        assertThat(daemon.wherry("diff", worker).ok().stdout()).contains("A /made");
        daemon.wherry("commit", worker, "kept:1").ok();
        assertThat(daemon.wherry("run", "--rm", "--entrypoint", "stat", "kept:1", "-c", "%u:%g", "/made", "/bin", "/")
                        .ok()
                        .stdout())
                .isEqualTo("5:7\n0:0\n0:0\n");
        daemon.wherry("rmi", "kept:1").ok();
        Path exported = daemon.home().resolve("exported.tar");
        daemon.wherry("export", "-o", exported.toString(), worker).ok();
        Process tar = new ProcessBuilder("tar", "--numeric-owner", "-tvf", exported.toString()).start();
        assertThat(new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains(" 5/7 ")
                .contains(" 0/0 ");
        assertThat(daemon.wherry("cp", exported.toString(), worker + ":/tmp").stderr())
                .contains("kubectl cp");
    }

    @Test
    void containersMayShareProcesses() {
        PodSandboxConfig pod = pod("shared", NamespaceMode.POD);
        String sandbox = kubelet.run(pod);
        String one = kubelet.start(
                sandbox,
                pod,
                container("one", NamespaceMode.POD, "sh", "-c", FOREVER).build());
        String two = kubelet.start(
                sandbox,
                pod,
                container("two", NamespaceMode.POD, "sleep", "4711").build());

        assertThat(said(one, "ps")).contains("/pause").contains("sleep 4711");
    }

    @Test
    void podOutlivesADaemonThatIsKilled() throws Exception {
        PodSandboxConfig pod = pod("survivor", NamespaceMode.POD);
        String sandbox = kubelet.run(pod);
        String running = kubelet.start(
                sandbox,
                pod,
                container("running", NamespaceMode.POD, "sh", "-c", FOREVER).build());
        daemon.kill();
        daemon.start();
        kubelet.close();
        kubelet = new Kubelet(daemon.criSocket());

        assertThat(said(running, "id", "-u")).isEqualTo("0\n");
        String late = kubelet.start(
                sandbox,
                pod,
                container("late", NamespaceMode.CONTAINER, "sh", "-c", "test $(stat -c %u /) = 0")
                        .build());
        assertThat(kubelet.awaitExit(late).getExitCode()).isZero();
    }

    @Test
    void mountsThatCannotBeMappedAreRefusedInALine() {
        PodSandboxConfig pod = pod("unmapped", NamespaceMode.CONTAINER);
        String sandbox = kubelet.run(pod);
        String container = kubelet.create(
                sandbox,
                pod,
                container("kernel", NamespaceMode.CONTAINER, "true")
                        .addMounts(Mount.newBuilder()
                                .setHostPath("/proc/tty")
                                .setContainerPath("/tty")
                                .addUidMappings(MAPPING)
                                .addGidMappings(MAPPING))
                        .build());

        assertThatThrownBy(() -> kubelet.start(container)).hasMessageContaining("cannot be mapped");
    }

    @Test
    void kubeletIsToldThatThereAreUserNamespaces() {
        assertThat(kubelet.runtime().status(StatusRequest.getDefaultInstance()).getRuntimeHandlersList())
                .allSatisfy(handler ->
                        assertThat(handler.getFeatures().getUserNamespaces()).isTrue());
    }
}
