package dev.wherry.cli.it;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

/** A peer that speaks HTTP/2 (RFC 9113) as nobody should, and goes without a word. */
final class RandomFrames {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    private final Random random;
    private final ByteBuffer output = ByteBuffer.allocate(1 << 20);

    RandomFrames(long seed) {
        this.random = new Random(seed);
    }

    /** One connection: some frames, some answers, no goodbye. */
    void connect(Path socket) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.configureBlocking(false);
            output.clear();
            if (random.nextInt(10) > 0) {
                output.put(PREFACE);
                frame(SETTINGS, 0, 0, new byte[0]);
            }
            int flood = random.nextInt(20) == 0 ? 2_000 : random.nextInt(20);
            for (int i = 0; i < flood && output.remaining() > 40_000; i++) {
                frame(i);
            }
            output.flip();
            int patience = 20;
            ByteBuffer input = ByteBuffer.allocate(1 << 16);
            while (output.hasRemaining() && patience > 0) {
                if (channel.write(output) == 0) {
                    patience--;
                    Thread.onSpinWait();
                }
                if (random.nextBoolean() && channel.read(input.clear()) < 0) {
                    return;
                }
            }
        } catch (IOException refused) {
            // As it should be: the daemon ends such connections.
        }
    }

    private void frame(int number) {
        int stream = random.nextInt(4) == 0 ? random.nextInt() & 0x7fffffff : 1 + 2 * random.nextInt(1 + number);
        switch (random.nextInt(9)) {
            case 0 -> frame(HEADERS, END_HEADERS, stream, headers());
            case 1 -> frame(HEADERS, random.nextInt(256), stream, headers());
            case 2 -> frame(CONTINUATION, random.nextInt(2) * END_HEADERS, stream, noise(16_000));
            case 3 -> frame(DATA, random.nextInt(2), stream, message());
            case 4 -> frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, (byte) random.nextInt(16)});
            case 5 -> frame(SETTINGS, random.nextInt(2), 0, noise(6 * 10));
            case 6 -> frame(PING, 0, 0, new byte[8]);
            case 7 -> frame(WINDOW_UPDATE, 0, random.nextBoolean() ? 0 : stream, new byte[] {0x7f, -1, -1, -1});
            default -> frame(random.nextInt(256), random.nextInt(256), random.nextInt(), noise(200));
        }
    }

    private void frame(int type, int flags, int stream, byte[] payload) {
        int length = random.nextInt(30) == 0 ? random.nextInt(1 << 24) : payload.length;
        output.put((byte) (length >> 16)).putShort((short) length);
        output.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    }

    /** A gRPC message whose length may be a lie. */
    private byte[] message() {
        byte[] body = noise(100);
        int length = random.nextBoolean() ? body.length : random.nextInt();
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) random.nextInt(3))
                .putInt(length)
                .put(body)
                .array();
    }

    /** A call of HPACK literals (RFC 7541 6.2.2), with a large header at times. */
    private byte[] headers() {
        ByteBuffer block = ByteBuffer.allocate(20_000);
        literal(block, ":method", random.nextInt(5) == 0 ? "GET" : "POST");
        literal(block, ":scheme", "http");
        literal(block, ":path", random.nextInt(3) == 0 ? "/../x" : "/wherry.v1.ContainerService/List");
        literal(block, ":authority", "localhost");
        literal(block, "content-type", random.nextInt(4) == 0 ? "text/html" : "application/grpc");
        literal(block, "te", "trailers");
        literal(block, "grpc-timeout", random.nextInt(3) == 0 ? "x" : "1S");
        literal(block, "grpc-encoding", random.nextInt(3) == 0 ? "gzip" : "identity");
        if (random.nextInt(4) == 0) {
            for (int i = random.nextInt(150); i > 0; i--) {
                literal(block, "x-" + i, "v".repeat(100));
            }
        }
        byte[] bytes = new byte[block.flip().remaining()];
        block.get(bytes);
        return bytes;
    }

    private static void literal(ByteBuffer block, String name, String value) {
        block.put((byte) 0);
        for (String text : new String[] {name, value}) {
            block.put((byte) text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private byte[] noise(int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }
}
