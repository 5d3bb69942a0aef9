package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.WherryException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A forwarded connection.
 *
 * @param data its bytes
 * @param error tells the client what went wrong; its end tells that the connection is over
 */
record PortConnection(SpdyStream data, SpdyStream error) {

    /** Of {@code SO_LINGER}: the kernel sends what is still to be sent, and closing does not wait for it. */
    private static final int IN_BACKGROUND = -1;

    void serve(PodPorts ports) throws IOException, InterruptedException {
        try (SocketChannel socket = ports.connect(port())) {
            pass(socket);
            if (socket.isOpen()) {
                socket.setOption(StandardSocketOptions.SO_LINGER, IN_BACKGROUND);
            }
            error.output().close();
        } catch (WherryException refused) {
            fail(refused.getMessage());
        } catch (IOException broken) {
            fail("the connection to port " + data.header("port") + " broke: " + broken.getMessage());
        } finally {
            data.input().close();
            error.input().close();
        }
    }

    private int port() {
        try {
            return Integer.parseInt(data.header("port"));
        } catch (NumberFormatException none) {
            // No port has this number either, and the message says so.
            return 0;
        }
    }

    private void fail(String reason) {
        try {
            error.output().write(reason.getBytes(StandardCharsets.UTF_8));
            error.output().close();
            data.reset();
        } catch (IOException gone) {
            // There is nobody to tell.
        }
    }

    /** Passes both directions on, each to its end. */
    private void pass(SocketChannel socket) throws IOException, InterruptedException {
        Thread input = Background.start("forwarded-input", () -> takeInput(socket));
        try {
            Channels.newInputStream(socket).transferTo(data.output());
            data.output().close();
            input.join();
        } finally {
            input.interrupt();
        }
    }

    /** Closes the socket if the client goes, which wakes its reader. */
    private void takeInput(SocketChannel socket) throws IOException {
        try {
            data.input().transferTo(Channels.newOutputStream(socket));
            socket.shutdownOutput();
        } catch (IOException gone) {
            socket.close();
        }
    }
}
