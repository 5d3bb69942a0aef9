package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.cri.v1.PodSandboxConfig;
import dev.wherry.cri.v1.PodSandboxStatusRequest;
import dev.wherry.cri.v1.RuntimeCondition;
import dev.wherry.cri.v1.StatusRequest;
import dev.wherry.cri.v1.StopPodSandboxRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pods in the network of a cluster, which installs itself as a CNI configuration. */
class CriNetworkIT {

    private static final String NETWORK = "wherry-it";

    @RegisterExtension
    static final Daemon daemon = new Daemon("--cri");

    private Kubelet kubelet;

    @BeforeAll
    static void prepare() throws Exception {
        daemon.option("--cni-conf-dir", configurations().toString());
        daemon.restart();
        Busybox.importInto(daemon);
    }

    @BeforeEach
    void connect() throws IOException {
        kubelet = new Kubelet(daemon.criSocket());
        Files.createDirectories(configurations());
        configure("""
                {"name": "%s", "cniVersion": "1.0.0", "plugins": [
                    {"type": "ptp", "ipam": {"type": "host-local", "subnet": "10.214.0.0/24", "dataDir": "%s"}}]}
                """.formatted(NETWORK, addresses()));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        kubelet.removeAll();
        kubelet.close();
        assertThat(given()).isEmpty();
        await().untilAsserted(() -> assertThat(Holdings.wrong(daemon)).isEmpty());
    }

    private static Path configurations() {
        return daemon.home().resolve("net.d");
    }

    private static Path addresses() {
        return daemon.home().resolve("addresses");
    }

    private static void configure(String text) throws IOException {
        Files.writeString(configurations().resolve("10-cluster.conflist"), text);
    }

    /** The addresses that pods have. */
    private static List<String> given() throws IOException {
        Path folder = addresses().resolve(NETWORK);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("10.214."))
                    .toList();
        }
    }

    private static PodSandboxConfig pod() {
        return Kubelet.pod("web", daemon.home().resolve("logs")).build();
    }

    private String address(String sandbox) {
        return kubelet.runtime()
                .podSandboxStatus(PodSandboxStatusRequest.newBuilder()
                        .setPodSandboxId(sandbox)
                        .build())
                .getStatus()
                .getNetwork()
                .getIp();
    }

    private RuntimeCondition network() {
        return kubelet.runtime().status(StatusRequest.getDefaultInstance()).getStatus().getConditionsList().stream()
                .filter(condition -> condition.getType().equals("NetworkReady"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void podHasAnAddressOfTheClusterUntilItStops() throws Exception {
        PodSandboxConfig pod = pod();
        String sandbox = kubelet.run(pod);
        assertThat(address(sandbox)).startsWith("10.214.0.");
        assertThat(given()).containsExactly(address(sandbox));
        String container = kubelet.start(
                sandbox, pod, Kubelet.container("main", "sleep", "1000").build());
        assertThat(kubelet.exec(container, "ip", "-o", "addr", "show", "eth0")
                        .getStdout()
                        .toStringUtf8())
                .contains(address(sandbox) + "/24");
        kubelet.runtime()
                .stopPodSandbox(StopPodSandboxRequest.newBuilder()
                        .setPodSandboxId(sandbox)
                        .build());
        assertThat(given()).isEmpty();
    }

    @Test
    void podKeepsItsAddressWhenTheDaemonIsKilled() throws Exception {
        String sandbox = kubelet.run(pod());
        String address = address(sandbox);
        kubelet.close();
        daemon.kill();
        daemon.start();
        kubelet = new Kubelet(daemon.criSocket());
        assertThat(address(sandbox)).isEqualTo(address);
        assertThat(given()).containsExactly(address);
    }

    @Test
    void nodeIsNotReadyWithoutThePlugins() throws Exception {
        assertThat(network().getStatus()).isTrue();
        configure("{\"name\": \"wherry-it\", \"cniVersion\": \"1.0.0\", \"plugins\": [{\"type\": \"absent\"}]}");
        assertThat(network().getStatus()).isFalse();
        assertThat(network().getMessage()).contains("the CNI plugin absent is missing");
        assertThatThrownBy(() -> kubelet.run(pod()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("the CNI plugin absent is missing");
    }
}
