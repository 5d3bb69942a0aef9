package dev.wherry.daemon.host.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests against messages that another implementation of D-Bus (jeepney) wrote, and answers of all kinds. */
class SystemdBusTest {

    private static final String GREETING = "\0AUTH EXTERNAL 30\r\nBEGIN\r\n";

    private static final String PATH_FIELD = "01016f00190000002f6f72672f667265656465736b746f702f73797374656d6431";

    private static final String START_SCOPE = "6c0100012001000001000000b6000000" + PATH_FIELD
            + "0000000000000002017300200000006f72672e667265656465736b746f702e73797374656d64312e4d616e61676572000000"
            + "0000000000030173001200000053746172745472616e7369656e74556e697400000000000006017300180000006f72672e66"
            + "7265656465736b746f702e73797374656d643100000000000000000801670010737361287376296128736128737629290000"
            + "001f0000007768657272792d636f6e6d6f6e2d30613162326333642d66662e73636f706500040000006661696c00000000e0"
            + "000000000000000b0000004465736372697074696f6e00017300001a00000053757065727669736f72206f6620636f6e7461"
            + "696e657220666600000000000005000000536c696365000173000000000c00000073797374656d2e736c6963650000000000"
            + "0000001300000044656661756c74446570656e64656e636965730001620000000000000800000044656c6567617465000162"
            + "0001000000000000000b000000436f6c6c6563744d6f6465000173000012000000696e6163746976652d6f722d6661696c65"
            + "640000000000000400000050494473000261750000000004000000671200000000000000000000";

    private static final String ATTACH =
            "6c0100011c00000001000000aa00000001016f00190000002f6f72672f667265656465736b746f702f73797374656d643100"
                    + "00000000000002017300200000006f72672e667265656465736b746f702e73797374656d64312e4d616e6167657200000000"
                    + "00000000030173001500000041747461636850726f636573736573546f556e697400000006017300180000006f72672e6672"
                    + "65656465736b746f702e73797374656d643100000000000000000801670004737361750000000000000007000000612e7363"
                    + "6f70650000000000000000000400000067120000";

    private static final String RETURNED_PATH =
            "6c02000107000000070000000f000000050175000100000008016700016f0000020000002f6a00";

    private static final String RETURNED_NOTHING = "6c0200010000000007000000080000000501750001000000";

    private static final String RETURNED_STOPPING =
            "6c02000111000000070000000f00000005017500010000000801670001760000017300000800000073746f7070696e6700";

    private static final String RETURNED_RUNNING =
            "6c02000110000000070000000f00000005017500010000000801670001760000017300000700000072756e6e696e6700";

    private static final String UNIT_EXISTS =
            "6c03000107000000070000003f00000004017300230000006f72672e667265656465736b746f702e73797374656d64312e55"
                    + "6e6974457869737473000000000005017500010000000801670001730000020000006e6f00";

    private static final String SIGNAL =
            "6c04000100000000070000002a00000001016f00020000002f610000000000000201730003000000612e6200000000000301"
                    + "7300010000004300000000000000";

    /** Of the job whose path is in {@link #RETURNED_PATH}. */
    private static final String JOB_REMOVED =
            "6c04000121000000070000007a00000001016f00190000002f6f72672f667265656465736b746f702f73797374656d643100"
                    + "00000000000002017300200000006f72672e667265656465736b746f702e73797374656d64312e4d616e6167657200000000"
                    + "00000000030173000a0000004a6f6252656d6f7665640000000000000801670004756f737300000000000000070000000200"
                    + "00002f6a000007000000612e73636f70650004000000646f6e6500";

    @TempDir
    Path folder;

    private Exchange exchange(String answer) throws IOException {
        return new Exchange(folder.resolve("private"), answer);
    }

    /** One connection: what was sent, after which the answer is given. */
    private static final class Exchange implements AutoCloseable {
        private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final Future<byte[]> received;
        final SystemdBus manager;

        Exchange(Path socket, String answer) throws IOException {
            server.bind(UnixDomainSocketAddress.of(socket));
            manager = new SystemdBus(socket);
            Callable<byte[]> serve = () -> {
                try (SocketChannel client = server.accept()) {
                    InputStream in = Channels.newInputStream(client);
                    ByteArrayOutputStream got = new ByteArrayOutputStream();
                    got.write(in.readNBytes(GREETING.length()));
                    client.write(ByteBuffer.wrap("OK 0123456789abcdef\r\n".getBytes(StandardCharsets.US_ASCII)));
                    got.write(in.readNBytes(16));
                    ByteBuffer head = ByteBuffer.wrap(got.toByteArray(), GREETING.length(), 16)
                            .slice()
                            .order(java.nio.ByteOrder.LITTLE_ENDIAN);
                    got.write(in.readNBytes((head.getInt(12) + 7) / 8 * 8 + head.getInt(4)));
                    client.write(ByteBuffer.wrap(HexFormat.of().parseHex(answer)));
                    return got.toByteArray();
                }
            };
            received = thread.submit(serve);
        }

        String message() throws Exception {
            byte[] got = received.get();
            assertThat(new String(got, 0, GREETING.length(), StandardCharsets.US_ASCII))
                    .isEqualTo(GREETING);
            return HexFormat.of().formatHex(got, GREETING.length(), got.length);
        }

        @Override
        public void close() throws IOException {
            server.close();
            thread.shutdownNow();
        }
    }

    @Test
    void startsAScopeAndPassesOverSignals() throws Exception {
        try (Exchange exchange = exchange(SIGNAL + RETURNED_PATH + SIGNAL + JOB_REMOVED)) {
            exchange.manager.startScope(
                    "wherry-conmon-0a1b2c3d-ff.scope", "Supervisor of container ff", "system.slice", 4711);

            assertThat(exchange.message()).isEqualTo(START_SCOPE);
        }
    }

    @Test
    void aScopeIsStartedOnlyWhenItsJobIsDone() throws Exception {
        try (Exchange exchange = exchange(RETURNED_PATH + SIGNAL)) {
            assertThatExceptionOfType(EOFException.class)
                    .isThrownBy(() -> exchange.manager.startScope("a.scope", "", "system.slice", 1));
        }
    }

    @Test
    void attachesAProcess() throws Exception {
        try (Exchange exchange = exchange(RETURNED_NOTHING)) {
            exchange.manager.attach("a.scope", 4711);

            assertThat(exchange.message()).isEqualTo(ATTACH);
        }
    }

    @Test
    void readsTheStateOfTheSystem() throws Exception {
        try (Exchange exchange = exchange(RETURNED_STOPPING)) {
            assertThat(exchange.manager.isShuttingDown()).isTrue();
        }
        try (Exchange exchange = new Exchange(folder.resolve("again"), RETURNED_RUNNING)) {
            assertThat(exchange.manager.isShuttingDown()).isFalse();
        }
    }

    @Test
    void namesTheErrorOfARefusal() throws Exception {
        try (Exchange exchange = exchange(UNIT_EXISTS)) {
            assertThatExceptionOfType(SystemdException.class)
                    .isThrownBy(() -> exchange.manager.startScope("a.scope", "", "system.slice", 1))
                    .satisfies(failure -> assertThat(failure.isUnitExists()).isTrue())
                    .withMessage("no");
        }
    }
}
