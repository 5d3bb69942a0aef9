package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.background.Background;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** Carries the bytes of a connection that speaks SPDY in the messages of a WebSocket. */
final class WebSocketTunnel {

    private final SpdyPorts ports;
    private final BooleanSupplier left;

    WebSocketTunnel(SpdyPorts ports, BooleanSupplier left) {
        this.ports = ports;
        this.left = left;
    }

    /** Serves the connection until the client leaves. */
    void serve(WebSocketConnection connection) throws IOException, InterruptedException {
        InputPipe received = new InputPipe(left);
        Thread reader = Background.start("tunnel-reader", () -> {
            try {
                connection.read((_, bytes) -> received.add(bytes));
            } catch (IOException gone) {
                // The tunnel ends.
            } finally {
                received.end();
            }
        });
        try (SpdyConnection inner = new SpdyConnection(received, new Messages(connection), left)) {
            ports.serve(inner);
            connection.end();
        } finally {
            reader.interrupt();
        }
    }

    /** Each piece is a message. */
    private static final class Messages extends OutputStream {

        private final WebSocketConnection connection;

        Messages(WebSocketConnection connection) {
            this.connection = connection;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            connection.send(Arrays.copyOfRange(bytes, offset, offset + length));
        }
    }
}
