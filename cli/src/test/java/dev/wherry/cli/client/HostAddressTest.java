package dev.wherry.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.cli.client.HostAddress.Ssh;
import dev.wherry.cli.client.HostAddress.Tcp;
import dev.wherry.cli.client.HostAddress.Unix;
import dev.wherry.cli.error.Failure;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostAddressTest {
    private static final TlsFiles FILES = TlsFiles.in(Path.of("/certs"));

    @Test
    void socketIsAnAbsolutePath() {
        assertThat(parse("unix:///run/a.sock")).isEqualTo(new Unix(Path.of("/run/a.sock")));
    }

    @Test
    void portOfTcpHasADefault() {
        assertThat(parse("tcp://build1")).isEqualTo(new Tcp("build1", 2377, Optional.of(FILES)));
        assertThat(parse("tcp://[::1]:99/")).isEqualTo(new Tcp("::1", 99, Optional.of(FILES)));
    }

    @Test
    void sshTakesUserPortAndSocket() {
        assertThat(parse("ssh://build_1"))
                .isEqualTo(new Ssh(Optional.empty(), "build_1", OptionalInt.empty(), Optional.empty()));
        assertThat(parse("ssh://ann@host:22/run/a.sock"))
                .isEqualTo(new Ssh(Optional.of("ann"), "host", OptionalInt.of(22), Optional.of("/run/a.sock")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unix:///run/a.sock",
                "tcp://build1:2377",
                "tcp://[fe80::1%eth0]:2377",
                "ssh://build1",
                "ssh://ann@build1:22/run/a.sock"
            })
    void textOfAnAddressIsReadAgain(String text) {
        assertThat(parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "://",
                "unix://",
                "unix:///",
                "unix://relative",
                "tcp://",
                "tcp://:1",
                "tcp://host:0",
                "tcp://host:65536",
                "tcp://host:port",
                "tcp://host:",
                "tcp://ann@host:1",
                "tcp://host/path",
                "tcp://host?query",
                "tcp://::1",
                "ssh://",
                "ssh://-oProxyCommand=reboot",
                "ssh://-l@host",
                "ssh://host#fragment",
                "ssh://a b",
                "http://host",
                "host:2377"
            })
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(Failure.class)
                .hasMessage("\"" + text + "\" is not the address of a daemon: give unix:///PATH, tcp://HOST[:PORT] or"
                        + " ssh://[USER@]HOST[:PORT][/PATH]");
    }

    @Test
    void passwordIsRefused() {
        assertThatThrownBy(() -> parse("ssh://ann:secret@host"))
                .isInstanceOf(Failure.class)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.1.2.3", "[::1]"})
    void loopbackInterfaceNeedsNoTls(String host) {
        assertThat(HostAddress.parse("tcp://" + host, Optional::empty)).isInstanceOf(Tcp.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "128.0.0.1", "127.example.com", "127.0.0.1.example.com", "[::2]", "0.0.0.0"})
    void otherInterfacesNeedTls(String host) {
        assertThatThrownBy(() -> HostAddress.parse("tcp://" + host, Optional::empty))
                .isInstanceOf(Failure.class)
                .hasMessage("tcp://" + host + ":2377 needs TLS: only an address of the loopback interface can be used"
                        + " without it");
    }

    private static HostAddress parse(String text) {
        return HostAddress.parse(text, () -> Optional.of(FILES));
    }
}
