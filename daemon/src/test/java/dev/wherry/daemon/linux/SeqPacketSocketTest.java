package dev.wherry.daemon.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeqPacketSocketTest {

    /** Says when it listens, answers each message with itself in capitals, and says goodbye at the end of the stream. */
    private static final String SERVER = """
            use Socket; $| = 1; chdir $ARGV[0] or die;
            socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) or die; bind($s, sockaddr_un("socket")) or die; listen($s, 1) or die;
            print "ready\\n"; accept(my $c, $s) or die;
            while (sysread($c, my $m, 9000)) { syswrite($c, uc $m); }
            syswrite($c, "bye"); sleep 60; """;

    @TempDir
    private Path folder;

    private Process server;
    private BufferedReader log;

    private Path listen(Path directory) throws IOException {
        server = new ProcessBuilder("perl", "-e", SERVER, directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        log = server.inputReader();
        assertThat(log.readLine()).isEqualTo("ready");
        return directory.resolve("socket");
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.destroyForcibly();
        }
    }

    private static String receive(SeqPacketSocket socket) throws IOException {
        byte[] buffer = new byte[8192];
        int length = socket.receive(buffer);
        return length < 0 ? null : new String(buffer, 0, length, UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 200})
    void messagesKeepTheirBoundariesHoweverLongThePathIs(int length) throws IOException {
        Path directory = Files.createDirectory(folder.resolve("x".repeat(length)));
        try (SeqPacketSocket socket = SeqPacketSocket.connect(listen(directory))) {
            socket.send("one".getBytes(UTF_8), 3);
            socket.send("two and".getBytes(UTF_8), 3);
            assertThat(receive(socket)).isEqualTo("ONE");
            assertThat(receive(socket)).isEqualTo("TWO");
            socket.shutdownOutput();
            assertThat(receive(socket)).isEqualTo("bye");
            server.destroyForcibly();
            assertThat(receive(socket)).isNull();
        }
    }

    @Test
    void closingWakesAReceiver() throws Exception {
        SeqPacketSocket socket = SeqPacketSocket.connect(listen(folder));
        CompletableFuture<String> received = new CompletableFuture<>();
        Thread receiver = Thread.ofPlatform().start(() -> {
            try {
                received.complete(receive(socket));
            } catch (IOException failure) {
                received.completeExceptionally(failure);
            }
        });
        receiver.join(Duration.ofMillis(100));
        assertThat(received).isNotDone();
        socket.close();

        assertThat(received.get(10, TimeUnit.SECONDS)).isNull();
        assertThat(receive(socket)).isNull();
        assertThatThrownBy(() -> socket.send(new byte[1], 1)).isInstanceOf(SystemCallException.class);
        socket.close();
    }

    @Test
    void nobodyThereIsAnError() {
        assertThatThrownBy(() -> SeqPacketSocket.connect(folder.resolve("none")))
                .isInstanceOf(SystemCallException.class)
                .hasMessageStartingWith("connect " + folder);
    }
}
