package dev.wherry.daemon.host.systemd;

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
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** A systemd that knows which scopes there are, and nothing of processes. */
public final class FakeSystemd implements AutoCloseable {

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

    private final Path socket;
    private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final Set<String> scopes = ConcurrentHashMap.newKeySet();

    /** What it was asked, such as "start a.scope", "start a.scope refused" and "attach a.scope". */
    public final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

    /** Of the scopes that were started. */
    public final BlockingQueue<String> descriptions = new LinkedBlockingQueue<>();

    public FakeSystemd(Path folder) throws IOException {
        socket = folder.resolve("private");
        server.bind(UnixDomainSocketAddress.of(socket));
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

    public SystemdBus bus() {
        return new SystemdBus(socket);
    }

    private void answer(SocketChannel client) throws IOException {
        InputStream in = Channels.newInputStream(client);
        in.readNBytes(GREETING);
        client.write(ByteBuffer.wrap("OK 00\r\n".getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer head = ByteBuffer.wrap(in.readNBytes(16)).order(ByteOrder.LITTLE_ENDIAN);
        String message =
                new String(in.readNBytes((head.getInt(12) + 7) / 8 * 8 + head.getInt(4)), StandardCharsets.ISO_8859_1);
        String scope = message.replaceAll("(?s).*\0([a-z-]+[.]scope)\0.*", "$1");
        boolean starts = message.contains("StartTransientUnit");
        boolean refused = starts && !scopes.add(scope);
        if (starts) {
            descriptions.add(message.replaceAll("(?s).*\0([^\0]+ of Wherry)\0.*", "$1"));
        }
        requests.add((starts ? "start " : "attach ") + scope + (refused ? " refused" : ""));
        client.write(ByteBuffer.wrap(HexFormat.of().parseHex(refused ? EXISTS : starts ? STARTED : DONE)));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
