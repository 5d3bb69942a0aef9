package dev.wherry.cli.it;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/**
 * Holds programs in build steps and containers until a test lets them go on, and counts them: a program that runs
 * {@link #command} connects to the gate and waits until the gate closes its connection. So a test knows how many
 * programs have come this far, and that each is still there, without any measure of time.
 */
final class Gate implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ServerSocket server;
    private final List<Socket> arrivals = new CopyOnWriteArrayList<>();

    Gate() throws IOException {
        server = new ServerSocket(0);
        Thread.startVirtualThread(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                arrivals.add(server.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** The shell command that waits at the gate, from the default network. */
    String command() {
        return "wget -q -O - http://$(ip route | awk '/^default/ { print $3 }'):" + server.getLocalPort() + "/";
    }

    /** The same for a program on the network of the host. */
    String commandOnHost() {
        return "wget -q -O - http://127.0.0.1:" + server.getLocalPort() + "/";
    }

    /** How many programs have come to the gate so far, whether they are still there or not. */
    int arrivals() {
        return arrivals.size();
    }

    /** Waits until so many programs have come in all. */
    void awaitArrivals(int count) {
        Awaitility.await("arrivals at the gate").atMost(LIMIT).until(() -> arrivals.size() >= count);
    }

    /** Whether a program is still waiting, counted from 0 in the order of their arrival. */
    boolean isWaiting(int arrival) {
        Socket socket = arrivals.get(arrival);
        try {
            socket.setSoTimeout(1);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return false;
        } catch (SocketTimeoutException silent) {
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    /** Waits until a program is gone, such as one that was killed. */
    void awaitGone(int arrival) {
        Awaitility.await("program " + arrival + " is gone").atMost(LIMIT).until(() -> !isWaiting(arrival));
    }

    /** Lets the programs that are at the gate go on. */
    void open() {
        for (Socket socket : arrivals) {
            try (socket) {
                if (!socket.isClosed()) {
                    socket.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException gone) {
                // The program was killed.
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        open();
    }
}
