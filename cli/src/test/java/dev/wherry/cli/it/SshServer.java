package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A server of OpenSSH on a loopback port, with keys of its own, on which {@code wherry} calls a daemon. */
final class SshServer implements AutoCloseable {

    private static final Path SSHD = Path.of("/usr/sbin/sshd");

    /** Without it sshd does not start; on a host that boots, the service makes it. */
    private static final Path SEPARATION = Path.of("/run/sshd");

    private final Path folder;
    private final Process server;

    SshServer(Daemon daemon) throws Exception {
        folder = Files.createTempDirectory(daemon.home(), "sshd-");
        for (String key : List.of("host", "user")) {
            Process made = new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path(key))
                    .inheritIO()
                    .start();
            assertThat(made.waitFor()).isZero();
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.createDirectories(SEPARATION);
        Files.writeString(folder.resolve("sshd_config"), """
                ListenAddress 127.0.0.1:%d
                HostKey %s
                PidFile none
                AuthorizedKeysFile %s
                StrictModes no
                UsePAM %s
                PermitRootLogin prohibit-password
                SetEnv PATH=%s:/usr/sbin:/usr/bin:/sbin:/bin WHERRY_HOST=unix://%s
                """.formatted(
                port, path("host"), path("user.pub"), isRootLocked() ? "yes" : "no", programs(), daemon.socket()));
        Files.writeString(folder.resolve("known_hosts"), "* " + Files.readString(folder.resolve("host.pub")));
        Files.writeString(folder.resolve("ssh_config"), """
                Host far
                  HostName 127.0.0.1
                  Port %d
                  User root
                  IdentityFile %s
                  IdentitiesOnly yes
                  UserKnownHostsFile %s
                """.formatted(port, path("user"), path("known_hosts")));
        // The program looks for its files in the home of the user, whatever HOME says.
        Path ssh = Files.writeString(
                folder.resolve("ssh"), "#!/bin/sh\nexec /usr/bin/ssh -F " + path("ssh_config") + " \"$@\"\n");
        Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwxr-xr-x"));
        server = new ProcessBuilder(SSHD.toString(), "-D", "-e", "-f", path("sshd_config"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> accepts(port));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static Path programs() {
        return Path.of(System.getProperty("wherry.cli")).getParent();
    }

    /** Only PAM lets a user in whose password is locked. */
    private static boolean isRootLocked() throws IOException {
        try (Stream<String> users = Files.lines(Path.of("/etc/shadow"))) {
            return users.anyMatch(user -> user.startsWith("root:!"));
        }
    }

    private boolean accepts(int port) throws IOException {
        assertThat(server.isAlive()).as(Files.readString(folder.resolve("log"))).isTrue();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The environment of a client that connects by SSH. */
    Map<String, String> variables() {
        return Map.of("WHERRY_HOST", "ssh://far", "PATH", folder + ":" + programs() + ":" + System.getenv("PATH"));
    }

    /** Ends the server and its sessions. */
    @Override
    public void close() throws InterruptedException {
        server.descendants().forEach(ProcessHandle::destroy);
        server.destroy();
        server.waitFor();
    }
}
