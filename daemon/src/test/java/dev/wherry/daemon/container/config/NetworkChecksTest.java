package dev.wherry.daemon.container.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.spec.Isolation;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkChecksTest {

    private static ContainerConfig config(String network, Networking networking) {
        return ContainerConfig.EMPTY.joining(network, Isolation.DEFAULT).with(networking);
    }

    private static Networking attached(NetworkAttachment... attachments) {
        return new Networking(List.of(attachments), List.of(), false, List.of());
    }

    private static Networking published(PortBinding... ports) {
        return new Networking(List.of(), List.of(ports), false, List.of());
    }

    private static NetworkAttachment at(String network, String ipv4, String ipv6, String mac) {
        return new NetworkAttachment(network, List.of(), ipv4, ipv6, mac, Map.of(), 0, List.of());
    }

    private static NetworkAttachment option(String name, String value) {
        return new NetworkAttachment("a", List.of(), "", "", "", Map.of(name, value), 0, List.of());
    }

    static Stream<Arguments> contradictions() {
        Networking linked = new Networking(List.of(), List.of(), false, List.of("db:db"));
        NetworkAttachment alias = new NetworkAttachment("bridge", List.of("x"), "", "", "", Map.of(), 0, List.of());
        return Stream.of(
                Arguments.of("host", linked, "conflicting options: host type networking can't be used with links"),
                Arguments.of(
                        "container:x", linked, "conflicting options: container type network can't be used with links"),
                Arguments.of(
                        "container:x",
                        published(PortBinding.anywhere(80, "tcp")),
                        "conflicting options: port publishing and the container type network mode"),
                Arguments.of("bridge", attached(alias), "network-scoped aliases are only supported"),
                Arguments.of("bridge", attached(at("bridge", "172.17.0.9", "", "")), "user specified IP address"),
                Arguments.of("host", attached(at("host", "172.17.0.9", "", "")), "user specified IP address"),
                Arguments.of("a", attached(at("a", "fd00::1", "", "")), "invalid IPv4 address: fd00::1"),
                Arguments.of("a", attached(at("a", "", "10.0.0.1", "")), "invalid IPv6 address: 10.0.0.1"),
                Arguments.of(
                        "a",
                        attached(option("com.docker.network.endpoint.ifname", "a/b")),
                        "driver option com.docker.network.endpoint.ifname: \"a/b\" is no name of an interface"),
                Arguments.of(
                        "a",
                        attached(option("com.docker.network.endpoint.sysctls", "net.ipv4.conf.IFNAME.log_martians=1")),
                        "driver option com.docker.network.endpoint.sysctls is not supported"),
                Arguments.of("a", attached(at("a", "", "", "02:42")), "02:42 is not a valid mac address"),
                Arguments.of(
                        "a",
                        attached(NetworkAttachment.to("a"), NetworkAttachment.to("a")),
                        "network \"a\" is specified multiple times"),
                Arguments.of(
                        "a",
                        attached(NetworkAttachment.to("a"), NetworkAttachment.to("bridge")),
                        "cannot attach both user-defined and non-user-defined"),
                Arguments.of(
                        "host",
                        attached(NetworkAttachment.to("host"), NetworkAttachment.to("none")),
                        "cannot attach both"),
                Arguments.of("bridge", published(new PortBinding(0, "tcp", "", 80, 0)), "invalid containerPort: 0"),
                Arguments.of("bridge", published(new PortBinding(80, "icmp", "", 80, 0)), "invalid proto: icmp"),
                Arguments.of("bridge", published(new PortBinding(80, "tcp", "x", 80, 0)), "invalid IP address: x"),
                Arguments.of("bridge", published(new PortBinding(80, "tcp", "", 90, 80)), "invalid hostPort: 90-80"));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void contradictionIsNamed(String network, Networking networking, String sentence) {
        assertThatThrownBy(() -> NetworkChecks.check(config(network, networking)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void whatGoesTogetherIsAllowed() {
        assertThatCode(() ->
                        NetworkChecks.check(config("a", attached(at("a", "10.0.0.9", "fd00::9", "02:42:0a:00:00:09")))))
                .doesNotThrowAnyException();
        assertThatCode(() -> NetworkChecks.check(config("host", published(PortBinding.anywhere(80, "tcp")))))
                .doesNotThrowAnyException();
    }
}
