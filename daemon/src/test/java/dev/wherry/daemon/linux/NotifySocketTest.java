package dev.wherry.daemon.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK has no unix datagram sockets: python3 receives. */
class NotifySocketTest {

    private static final String RECEIVE = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            a = sys.argv[1]
            s.bind('\\0' + a[1:] if a[0] == '@' else a)
            print('bound', flush=True)
            print(repr(s.recv(4096).decode()), flush=True)
            """;

    @TempDir
    Path folder;

    @Test
    void datagramArrivesAtAPath() throws Exception {
        assertThat(received(folder.resolve("notify").toString(), "READY=1")).isEqualTo("'READY=1'");
    }

    @Test
    void datagramArrivesAtAnAbstractAddress() throws Exception {
        String address = "@wherry-test/" + ProcessHandle.current().pid();

        assertThat(received(address, "RELOADING=1\nMONOTONIC_USEC=2")).isEqualTo("'RELOADING=1\\nMONOTONIC_USEC=2'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative", "/nowhere/at/all", "vsock:2:1234"})
    void addressThatIsNoneFails(String address) {
        assertThatThrownBy(() -> new NotifySocket(address).send("READY=1"))
                .isInstanceOf(SystemCallException.class)
                .hasMessageContaining(address);
    }

    @Test
    void tooLongAddressFails() {
        assertThatThrownBy(() -> new NotifySocket("/" + "x".repeat(200)).send("READY=1"))
                .isInstanceOf(SystemCallException.class);
    }

    private static String received(String address, String state) throws Exception {
        Process receiver = new ProcessBuilder("python3", "-c", RECEIVE, address)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(receiver.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("bound");
            new NotifySocket(address).send(state);
            return lines.readLine();
        } finally {
            receiver.destroyForcibly();
        }
    }
}
