package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon that listens on TCP, and the certificates of {@code wherryd pki}. */
class RemoteTlsIT {

    @RegisterExtension
    static final Daemon daemon = Authority.daemon();

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int IDLE = 10_000;
    private static final long MOST_MEMORY_KILOBYTES = 100_000;

    private static Path issued(String name, String role) throws IOException, InterruptedException {
        return Authority.issue(daemon, name, role);
    }

    private static Path issued(String name) throws IOException, InterruptedException {
        return issued(name, "admin");
    }

    private static Outcome remote(Path identity, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(Authority.flags(daemon, identity));
        all.addAll(List.of(arguments));
        return daemon.wherry(all.toArray(String[]::new));
    }

    @Test
    void callsAreTheSameAsOnTheSocket() throws Exception {
        Path alice = issued("alice");

        assertThat(remote(alice, "images").ok().stdout())
                .isEqualTo(daemon.wherry("images").ok().stdout());
        assertThat(remote(alice, "volume", "create", "far").ok().line()).isEqualTo("far");
        assertThat(daemon.wherry("volume", "rm", "far").ok().line()).isEqualTo("far");
        assertThat(remote(alice, "inspect", "nothing").exits(1).stderr()).contains("nothing");
    }

    @Test
    void certificateHasTheRoleThatItWasIssuedFor() throws Exception {
        Path reader = issued("reads", "reader");

        remote(reader, "volume", "ls").ok();
        assertThat(remote(reader, "volume", "create", "mine").exits(1).stderr())
                .contains("has the role reader")
                .contains("needs the role operator");
    }

    @Test
    void revokedClientIsRefusedFromThenOn() throws Exception {
        Path bob = issued("bob");
        remote(bob, "ps").ok();

        Authority.pki(daemon.root(), "revoke", "bob");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(daemon.log()).contains("read the files of TLS again"));
        assertThat(remote(bob, "ps").exits(1).stderr()).contains("the server refuses the certificate in");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(daemon.log())
                        .containsPattern("the certificate of CN=bob,O=wherry:admin .*is revoked"));
    }

    @Test
    void clientOfAnotherAuthorityIsRefused() throws Exception {
        Path mallory = Authority.issueByAnother(daemon, "mallory");

        remote(mallory, "ps").exits(1);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(daemon.log()).contains("refused a connection from 127.0.0.1: "));
    }

    /** Sockets that say nothing: the oldest makes room for the next, and clients that speak go between them. */
    @Test
    void idleConnectionsTakeNothingFromOthers() throws Exception {
        Path carol = issued("carol");
        remote(carol, "ps").ok();
        long memory = residentKilobytes();
        URI daemonsAddress = URI.create(Authority.address(daemon));
        InetSocketAddress target = new InetSocketAddress(daemonsAddress.getHost(), daemonsAddress.getPort());
        List<SocketChannel> idle = new ArrayList<>();
        try {
            for (int i = 0; i < IDLE; i++) {
                SocketChannel silent = SocketChannel.open(target);
                if (i % 3 == 0) {
                    // The beginning of a handshake, which never goes on.
                    silent.write(ByteBuffer.wrap(new byte[] {0x16, 0x03, 0x01, 0x01}));
                }
                idle.add(silent);
                if (i % (IDLE / 4) == 0) {
                    remote(carol, "ps").ok();
                }
            }

            remote(carol, "ps").ok();
            assertThat(residentKilobytes() - memory).isLessThan(MOST_MEMORY_KILOBYTES);
        } finally {
            for (SocketChannel silent : idle) {
                silent.close();
            }
        }
        remote(carol, "ps").ok();
    }

    private static long residentKilobytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + daemon.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        }
    }
}
