package dev.wherry.daemon.network.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.NetworkNamespace;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.network.PortMapping;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the plugins of Debian, and with one that writes down what it is told. */
class CniTest {

    private static final String POD = "0123456789abcdef";

    @TempDir
    private Path folder;

    private Path configurations;
    private Path recorder;
    private Path namespace;
    private Cni cni;

    @BeforeEach
    void start() throws IOException {
        configurations = Files.createDirectory(folder.resolve("net.d"));
        Path programs = Files.createDirectory(folder.resolve("bin"));
        recorder = folder.resolve("calls");
        Path recording = programs.resolve("recording");
        Files.writeString(recording, """
                #!/bin/sh
                input=$(cat)
                echo "$CNI_COMMAND $CNI_CONTAINERID $CNI_IFNAME netns=$CNI_NETNS $CNI_ARGS $input" >> %s
                if [ -e %s.fail-$CNI_COMMAND ]; then
                    echo '{"cniVersion": "1.0.0", "code": 11, "msg": "no more", "details": "try later"}'
                    exit 1
                fi
                case $CNI_COMMAND in
                    ADD) echo '{"cniVersion": "1.0.0", "interfaces": [{"name": "eth0", "sandbox": "x"}],' \
                        '"ips": [{"address": "10.9.8.7/24", "interface": 0}, {"address": "fd00::7/64"}]}' ;;
                esac
                """.formatted(recorder, recorder));
        Files.setPosixFilePermissions(recording, PosixFilePermissions.fromString("rwxr-xr-x"));
        namespace = folder.resolve("pod");
        NetworkNamespace.create(namespace);
        cni = new Cni(
                new Layout(folder.resolve("root"), folder.resolve("run")),
                new CniSettings(configurations, List.of(programs, Path.of("/usr/lib/cni"))));
    }

    @AfterEach
    void end() throws IOException {
        NetworkNamespace.remove(namespace);
    }

    private static CniPod pod(PortMapping... ports) {
        return new CniPod(
                POD,
                "web",
                "shop",
                "uid-1",
                List.of(ports),
                CniPod.Dns.NONE,
                Map.of("kubernetes.io/ingress-bandwidth", "10M"));
    }

    private void configure(String name, String text) throws IOException {
        Files.writeString(configurations.resolve(name), text);
    }

    private void configureRecording(String version) throws IOException {
        configure("10-test.conflist", """
                {"name": "test", "cniVersion": "%s", "plugins": [
                    {"type": "recording", "first": true},
                    {"type": "recording", "capabilities": {"portMappings": true, "bandwidth": true, "mac": true}}]}
                """.formatted(version));
    }

    private List<String> calls() throws IOException {
        return Files.exists(recorder) ? Files.readAllLines(recorder) : List.of();
    }

    private String inside(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Stream.concat(Stream.of("nsenter", "--net=" + namespace), Stream.of(command))
                                .toList())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    @Test
    void realPluginsConnectAndDisconnect() throws Exception {
        Path addresses = folder.resolve("addresses");
        configure("05-ptp.conf", """
                {"name": "wherry-cni-test", "cniVersion": "1.0.0", "type": "ptp",
                 "ipam": {"type": "host-local", "subnet": "10.213.7.0/28", "dataDir": "%s"}}
                """.formatted(addresses));
        assertThat(cni.problem()).isEmpty();
        CniResult result = cni.attach(pod(), namespace);
        InetAddress address = result.addresses().getFirst();
        assertThat(address.getHostAddress()).startsWith("10.213.7.");
        assertThat(inside("ip", "-o", "addr", "show", "eth0")).contains(address.getHostAddress() + "/");
        assertThat(inside("ip", "-o", "link", "show", "lo")).contains("UP");
        assertThat(cni.result(POD)).contains(result);
        cni.check(POD);

        inside("ip", "addr", "flush", "dev", "eth0");
        assertThatThrownBy(() -> cni.check(POD)).isInstanceOf(HostException.class);

        cni.detach(POD);
        assertThat(inside("ip", "-o", "link")).doesNotContain("eth0");
        assertThat(addresses.resolve("wherry-cni-test").resolve(address.getHostAddress()))
                .doesNotExist();
        assertThat(cni.attached()).isEmpty();
        cni.detach(POD);
    }

    @Test
    void addressIsGivenBackAfterItsNamespaceIsGone() throws Exception {
        Path addresses = folder.resolve("addresses");
        configure("05-ptp.conf", """
                {"name": "wherry-cni-test", "cniVersion": "1.0.0", "type": "ptp",
                 "ipam": {"type": "host-local", "subnet": "10.213.8.0/28", "dataDir": "%s"}}
                """.formatted(addresses));
        InetAddress address = cni.attach(pod(), namespace).addresses().getFirst();
        NetworkNamespace.remove(namespace);
        cni.collect(Set.of());
        assertThat(addresses.resolve("wherry-cni-test").resolve(address.getHostAddress()))
                .doesNotExist();
        assertThat(cni.attached()).isEmpty();
    }

    @Test
    void pluginsRunInOrderAndBackwards() throws Exception {
        configureRecording("1.0.0");
        CniResult result = cni.attach(pod(PortMapping.of(8080, 80, "tcp")), namespace);
        assertThat(result.addresses())
                .containsExactly(InetAddress.ofLiteral("10.9.8.7"), InetAddress.ofLiteral("fd00::7"));
        cni.detach(POD);
        List<String> calls = calls();
        assertThat(calls).hasSize(4);
        assertThat(calls.getFirst())
                .startsWith("ADD " + POD + " eth0 netns=" + namespace
                        + " IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web;K8S_POD_INFRA_CONTAINER_ID=" + POD
                        + ";K8S_POD_UID=uid-1 ")
                .contains("\"first\":true", "\"name\":\"test\"", "\"cniVersion\":\"1.0.0\"")
                .doesNotContain("prevResult", "runtimeConfig");
        assertThat(calls.get(1))
                .contains("\"prevResult\":{", "10.9.8.7/24")
                .contains("\"hostPort\":8080,\"containerPort\":80,\"protocol\":\"tcp\"")
                .contains("\"ingressRate\":10000000")
                .doesNotContain("\"mac\":{");
        assertThat(calls.get(2)).startsWith("DEL ").doesNotContain("\"first\"").contains("\"prevResult\":{");
        assertThat(calls.get(3)).startsWith("DEL ").contains("\"first\":true", "\"prevResult\":{");
    }

    @Test
    void failedConnectionIsUndone() throws Exception {
        configureRecording("1.0.0");
        Files.createFile(Path.of(recorder + ".fail-ADD"));
        assertThatThrownBy(() -> cni.attach(pod(), namespace))
                .isInstanceOf(HostException.class)
                .hasMessage("CNI plugin recording: no more: try later");
        assertThat(calls()).hasSize(3).last().asString().startsWith("DEL ");
        assertThat(cni.attached()).isEmpty();
    }

    @Test
    void connectionThatCannotBeUndoneEither() throws Exception {
        configure("10-test.conflist", """
                {"name": "test", "cniVersion": "1.0.0", "plugins": [{"type": "recording"}, {"type": "absent"}]}
                """);
        assertThatThrownBy(() -> cni.attach(pod(), namespace)).hasMessageContaining("absent is missing");
        assertThat(calls()).hasSize(2).last().asString().startsWith("DEL ");
        assertThat(cni.attached()).isEmpty();
    }

    @Test
    void podWhoseDisconnectionFailsStaysKnown() throws Exception {
        configureRecording("1.0.0");
        cni.attach(pod(), namespace);
        Files.createFile(Path.of(recorder + ".fail-DEL"));
        assertThatThrownBy(() -> cni.detach(POD)).isInstanceOf(HostException.class);
        assertThat(cni.attached()).containsExactly(POD);
        Files.delete(Path.of(recorder + ".fail-DEL"));
        cni.collect(Set.of());
        assertThat(cni.attached()).isEmpty();
    }

    @Test
    void pluginsOfVersion11ReportAndCollect() throws Exception {
        configureRecording("1.1.0");
        assertThat(cni.problem()).isEmpty();
        Files.createFile(Path.of(recorder + ".fail-STATUS"));
        assertThat(cni.problem()).contains("CNI plugin recording: no more: try later");
        cni.attach(pod(), namespace);
        cni.collect(Set.of(POD));
        assertThat(calls().getLast())
                .startsWith("GC ")
                .contains("\"cni.dev/valid-attachments\":[{\"containerID\":\"" + POD + "\",\"ifname\":\"eth0\"}]");
    }

    @Test
    void firstFileByNameIsUsed() throws Exception {
        assertThat(cni.isConfigured()).isFalse();
        assertThat(cni.problem()).isEmpty();
        configure("20-b.conf", "{\"name\": \"b\", \"cniVersion\": \"1.0.0\", \"type\": \"recording\"}");
        configure("10-a.json", "{\"name\": \"a\", \"cniVersion\": \"1.0.0\", \"type\": \"recording\"}");
        configure("00-not.txt", "{}");
        assertThat(cni.isConfigured()).isTrue();
        cni.attach(pod(), namespace);
        assertThat(calls().getFirst()).contains("\"name\":\"a\"");
        Files.delete(configurations.resolve("10-a.json"));
        cni.detach(POD);
        assertThat(calls().getLast())
                .as("the configuration that connected the pod")
                .contains("\"name\":\"a\"");
    }

    @Test
    void unusableConfigurationIsAProblem() throws Exception {
        configure("10-a.conflist", "{\"name\": \"a\", \"plugins\": []}");
        assertThat(cni.problem().orElseThrow()).contains("10-a.conflist", "names no plugin");
        configure("10-a.conflist", "{\"name\": \"a\", \"plugins\": [{\"type\": \"../evil\"}]}");
        assertThat(cni.problem().orElseThrow()).contains("no name of a program");
        configure("10-a.conflist", "{\"name\"");
        assertThat(cni.problem()).isPresent();
        configure(
                "10-a.conflist",
                "{\"name\": \"a\", \"cniVersion\": \"2.0.0\", \"plugins\": [{\"type\": \"recording\"}]}");
        assertThat(cni.problem().orElseThrow()).contains("newer than 1.1.0");
        configure("10-a.conflist", "{\"name\": \"a\", \"plugins\": [{\"type\": \"absent\"}]}");
        assertThat(cni.problem().orElseThrow()).contains("the CNI plugin absent is missing in " + folder);
    }

    @Test
    void newestKnownVersionOfSeveralIsSpoken() {
        assertThat(CniConfiguration.parse("""
                        {"name": "a", "cniVersion": "0.4.0", "cniVersions": ["0.4.0", "1.0.0", "9.0.0"],
                         "plugins": [{"type": "recording"}]}""").version()).hasToString("1.0.0");
    }

    @Test
    void resultsOfOldVersionsAreRead() throws Exception {
        assertThat(CniResult.of(new ObjectMapper().readTree("{\"ip4\": {\"ip\": \"10.1.2.3/24\"}}"), "eth0")
                        .addresses())
                .containsExactly(InetAddress.ofLiteral("10.1.2.3"));
        assertThat(Optional.of(CniVersion.parse("0.3.1")))
                .hasValueSatisfying(
                        version -> assertThat(version.isFrom(CniVersion.CHECKS)).isFalse());
    }
}
