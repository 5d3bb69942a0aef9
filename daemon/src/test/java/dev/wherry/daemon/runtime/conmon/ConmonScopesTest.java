package dev.wherry.daemon.runtime.conmon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.host.systemd.SystemdBus;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a systemd that knows which scopes there are. */
class ConmonScopesTest {

    private static final int GREETING = "\0AUTH EXTERNAL 30\r\nBEGIN\r\n".length();
    private static final String DONE = "6c0201010000000007000000080000000501750001000000";

    /** The path of a job, and the signal that the job is done. */
    private static final String STARTED =
            "6c02000107000000070000000f000000050175000100000008016700016f0000020000002f6a00"
                    + "6c04000121000000070000007a00000001016f00190000002f6f72672f667265656465736b746f702f73797374656d643100"
                    + "00000000000002017300200000006f72672e667265656465736b746f702e73797374656d64312e4d616e6167657200000000"
                    + "00000000030173000a0000004a6f6252656d6f7665640000000000000801670004756f737300000000000000070000000200"
                    + "00002f6a000007000000612e73636f70650004000000646f6e6500";

    /** An error UnitExists without a message. */
    private static final String EXISTS = "6c03010100000000070000003400000005017500010000000401730023000000"
            + HexFormat.of().formatHex("org.freedesktop.systemd1.UnitExists".getBytes(StandardCharsets.US_ASCII))
            + "0000000000";

    private static final int SELF = (int) ProcessHandle.current().pid();

    @TempDir
    Path folder;

    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final Set<String> scopes = ConcurrentHashMap.newKeySet();
    private ServerSocketChannel server;

    @BeforeEach
    void serve() throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(folder.resolve("private")));
        Thread.ofVirtual().start(() -> {
            while (server.isOpen()) {
                try (SocketChannel client = server.accept()) {
                    answer(client);
                } catch (IOException closed) {
                    // The test has ended.
                }
            }
        });
    }

    private void answer(SocketChannel client) throws IOException {
        InputStream in = Channels.newInputStream(client);
        in.readNBytes(GREETING);
        client.write(ByteBuffer.wrap("OK 00\r\n".getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer head = ByteBuffer.wrap(in.readNBytes(16)).order(ByteOrder.LITTLE_ENDIAN);
        String message =
                new String(in.readNBytes((head.getInt(12) + 7) / 8 * 8 + head.getInt(4)), StandardCharsets.ISO_8859_1);
        String scope = message.replaceAll("(?s).*\0(test-[a-z]+[.]scope)\0.*", "$1");
        boolean starts = message.contains("StartTransientUnit");
        boolean refused = starts && !scopes.add(scope);
        requests.add((starts ? "start " : "attach ") + scope + (refused ? " refused" : ""));
        client.write(ByteBuffer.wrap(HexFormat.of().parseHex(refused ? EXISTS : starts ? STARTED : DONE)));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private ConmonScopes scopes(long millisToLive) {
        return new ConmonScopes(
                Optional.of(new SystemdBus(folder.resolve("private"))), id -> "test-" + id + ".scope", millisToLive);
    }

    @Test
    void whatLivesIsMovedAndASecondProcessOfAContainerJoinsTheFirst() throws Exception {
        try (ConmonScopes conmons = scopes(1)) {
            conmons.moveLater("a", SELF);
            assertThat(next()).isEqualTo("start test-a.scope");

            conmons.moveLater("a", SELF);

            assertThat(next()).isEqualTo("start test-a.scope refused");
            assertThat(next()).isEqualTo("attach test-a.scope");
        }
    }

    @Test
    void whatHasEndedIsLeftAndTheEndOfTheDaemonWaitsForNobody() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        ConmonScopes conmons = scopes(TimeUnit.HOURS.toMillis(1));
        conmons.moveLater("a", (int) ended.pid());
        conmons.moveLater("b", SELF);

        conmons.close();

        assertThat(requests).containsExactly("start test-b.scope");
    }

    @Test
    void movesAtOnceWhatWritesToTheJournal() {
        scopes(TimeUnit.HOURS.toMillis(1)).moveNow("a", SELF);

        assertThat(requests).containsExactly("start test-a.scope");
    }

    @Test
    void withoutSystemdNothingIsMoved() {
        try (ConmonScopes none = new ConmonScopes(Optional.empty(), id -> id)) {
            none.moveNow("a", SELF);
            none.moveLater("a", SELF);
            none.moveLeftOver(folder);
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void findsTheGroupThatSystemdKeepsTheDaemonIn() {
        Path root = Path.of("/sys/fs/cgroup");
        assertThat(OwnCgroup.folder(List.of("0::/system.slice/wherry.service"), root))
                .contains(root.resolve("system.slice/wherry.service"));
        assertThat(OwnCgroup.folder(
                        List.of("4:memory:/a", "1:name=systemd:/system.slice/wherry.service", "0::/b"), root))
                .contains(root.resolve("systemd/system.slice/wherry.service"));
        assertThat(OwnCgroup.folder(List.of("0::/"), root)).isEmpty();
    }

    private String next() throws InterruptedException {
        return requests.poll(10, TimeUnit.SECONDS);
    }
}
