package dev.wherry.daemon.network.port;

import dev.wherry.daemon.background.Background;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/** Passes the connections of one address of the host on to a port of a namespace. */
final class PortRelay implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PortRelay.class);

    private static final int BACKLOG = 128;
    /** More wait to be accepted, so that a client cannot use up the descriptors of the daemon. */
    private static final int MOST_CONNECTIONS = 512;

    private static final int CONNECT_MILLIS = 10_000;
    private static final int PAUSE_MILLIS = 100;

    private final InetSocketAddress target;
    private final ServerSocket listening;
    private final Thread accepting;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Semaphore free = new Semaphore(MOST_CONNECTIONS);

    /** @throws IOException when the address is not the host's, or in use */
    PortRelay(InetSocketAddress from, InetSocketAddress target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(from.getPort(), BACKLOG, from.getAddress());
        this.accepting = Background.start("relay of " + from, this::accept);
    }

    private void accept() throws InterruptedException {
        while (!listening.isClosed()) {
            free.acquire();
            try {
                Socket client = listening.accept();
                Background.start("connection to " + target, () -> serve(client));
            } catch (IOException failure) {
                free.release();
                if (!listening.isClosed()) {
                    LOG.debugf("%s accepts nothing at the moment: %s", listening, failure.getMessage());
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        }
    }

    private void serve(Socket client) throws InterruptedException {
        try (client;
                Socket server = new Socket()) {
            open.add(client);
            open.add(server);
            // Whoever closes the relay closes what is open after the listening socket.
            if (listening.isClosed()) {
                return;
            }
            connect(client, server);
            Thread answers = Background.start("answers of " + target, () -> pass(server, client));
            pass(client, server);
            answers.join();
        } catch (IOException failure) {
            LOG.debugf("a connection to %s has ended: %s", target, failure.getMessage());
        } finally {
            open.remove(client);
            free.release();
        }
    }

    /** A client whose port nobody listens on gets a reset. */
    private void connect(Socket client, Socket server) throws IOException {
        try {
            server.connect(target, CONNECT_MILLIS);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
        } catch (IOException refused) {
            client.setSoLinger(true, 0);
            throw refused;
        }
    }

    /** Passes one direction on, to its end; the other one may continue. */
    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException broken) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failure) {
            LOG.debugf("cannot close %s: %s", socket, failure.getMessage());
        }
    }

    /** Ends what it passes on; when this returns, the port is free. */
    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        open.forEach(PortRelay::close);
        // A virtual thread in accept keeps the socket until it has run once more, and may take one more client.
        accepting.interrupt();
        try {
            accepting.join();
        } catch (InterruptedException hastened) {
            Thread.currentThread().interrupt();
        }
    }
}
