package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.background.Background;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** Joins a client that speaks WebSocket to a process: the first byte of each message says which stream it belongs to. */
final class WebSocketProcess {

    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int RESIZE = 4;
    /** From the fifth version on: ends the stream that the next byte names. */
    private static final int CLOSE = 255;

    private static final int LARGEST_MESSAGE = 32 << 10;

    private final StreamTarget.Process target;
    private final StreamProtocol protocol;
    private final InputPipe stdin;
    private final InputPipe resize;
    /** Which stream the message that is arriving belongs to. */
    private int arriving;

    WebSocketProcess(StreamTarget.Process target, StreamProtocol protocol, BooleanSupplier left) {
        this.target = target;
        this.protocol = protocol;
        this.stdin = new InputPipe(left);
        this.resize = new InputPipe(left);
    }

    /** Serves the connection until the process has ended and the client knows, or the client leaves. */
    void serve(WebSocketConnection connection) throws IOException, InterruptedException {
        Thread session = Thread.currentThread();
        Thread reader = Background.start("stream-reader", () -> {
            try {
                connection.read(this::take);
            } catch (IOException gone) {
                // The session ends.
            } finally {
                stdin.fail("the client went away");
                resize.end();
                session.interrupt();
            }
        });
        try {
            byte[] report = ProcessCall.run(target.session(), client(connection), protocol);
            stdin.close();
            resize.close();
            if (report.length > 0) {
                send(connection, ERROR, report, 0, report.length);
            }
            connection.end();
            reader.join(StreamListener.LINGER);
        } finally {
            reader.interrupt();
        }
    }

    private ProcessStreams client(WebSocketConnection connection) throws IOException {
        StreamOptions options = target.options();
        WindowSizes sizes = new WindowSizes();
        if (options.tty()) {
            Background.start("window-sizes", () -> SizeReader.read(resize, sizes));
        }
        // Clients take an empty message for the sign that all is set up.
        send(connection, options.stdout() ? STDOUT : options.stderr() ? STDERR : ERROR, new byte[0], 0, 0);
        return new ProcessStreams(
                options.stdin() ? stdin : InputStream.nullInputStream(),
                options.stdout() ? new Channel(connection, STDOUT) : OutputStream.nullOutputStream(),
                options.stderr() ? new Channel(connection, STDERR) : OutputStream.nullOutputStream(),
                sizes);
    }

    private void take(boolean first, byte[] bytes) throws IOException, InterruptedException {
        byte[] content = bytes;
        if (first) {
            if (bytes.length == 0) {
                return;
            }
            arriving = Byte.toUnsignedInt(bytes[0]);
            content = Arrays.copyOfRange(bytes, 1, bytes.length);
        }
        switch (arriving) {
            case STDIN -> {
                if (target.options().stdin()) {
                    stdin.add(content);
                }
            }
            case RESIZE -> {
                if (target.options().tty()) {
                    resize.add(content);
                }
            }
            case CLOSE -> {
                if (protocol == StreamProtocol.V5 && content.length == 1 && content[0] == STDIN) {
                    stdin.end();
                }
            }
            default -> {}
        }
    }

    private static void send(WebSocketConnection connection, int channel, byte[] bytes, int offset, int length)
            throws IOException {
        byte[] message = new byte[1 + length];
        message[0] = (byte) channel;
        System.arraycopy(bytes, offset, message, 1, length);
        connection.send(message);
    }

    /** What the client gets of one stream. */
    private static final class Channel extends OutputStream {

        private final WebSocketConnection connection;
        private final int number;

        Channel(WebSocketConnection connection, int number) {
            this.connection = connection;
            this.number = number;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int sent = 0; sent < length; sent += LARGEST_MESSAGE) {
                send(connection, number, bytes, offset + sent, Math.min(LARGEST_MESSAGE, length - sent));
            }
        }
    }
}
