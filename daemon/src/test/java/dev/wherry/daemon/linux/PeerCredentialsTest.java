package dev.wherry.daemon.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerCredentialsTest {

    /** Connects, and stays until it is ended. */
    private static final String CLIENT = "use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die;"
            + " connect($s, sockaddr_un($ARGV[0])) or die; sleep 60;";

    @TempDir
    private Path folder;

    private ServerSocketChannel server;
    private Path socket;
    private Process client;

    @BeforeEach
    void listen() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        socket = folder.resolve("socket");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        if (client != null) {
            client.destroyForcibly();
        }
    }

    private PeerCredentials connect(String... as) throws IOException {
        List<String> command = new ArrayList<>(List.of(as));
        command.addAll(List.of("perl", "-e", CLIENT, socket.toString()));
        client = new ProcessBuilder(command).inheritIO().start();
        try (SocketChannel accepted = server.accept()) {
            return PeerCredentials.of(accepted);
        }
    }

    @Test
    void rootIsKnownByItsNumber() throws IOException {
        assertThat(connect()).isEqualTo(new PeerCredentials(0, 0, (int) client.pid(), List.of()));
    }

    @Test
    void userIsKnownWithAllGroups() throws IOException {
        assertThat(connect("setpriv", "--reuid=4242", "--regid=4343", "--groups=4444,4545"))
                .isEqualTo(new PeerCredentials(4242, 4343, (int) client.pid(), List.of(4444, 4545)));
    }

    @Test
    void userMayBeInMoreGroupsThanUsual() throws IOException {
        String groups = IntStream.range(5000, 5200).mapToObj(Integer::toString).collect(Collectors.joining(","));

        assertThat(connect("setpriv", "--reuid=4242", "--regid=4343", "--groups=" + groups)
                        .groups())
                .hasSize(200)
                .contains(5000, 5199);
    }
}
