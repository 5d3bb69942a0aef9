package dev.wherry.cli.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A network between a client and a daemon's TCP address, which loses connections. */
final class Relay implements AutoCloseable {

    /** How a connection is lost. */
    enum Loss {
        /** Either side is told that the other has closed. */
        FIN,
        /** Either side is told that there is no connection. */
        RST,
        /** Nobody is told anything. */
        SILENCE
    }

    private static final int CHUNK = 16 << 10;

    private final ServerSocket listener;
    private volatile InetSocketAddress daemon;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong bytesToLoss = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean refusing;
    private volatile boolean silent;
    private volatile Loss next = Loss.RST;

    /** @param address of the daemon, as {@code tcp://HOST:PORT} */
    Relay(String address) throws IOException {
        leadTo(address);
        listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.startVirtualThread(this::accept);
    }

    /** Leads new connections to another address. */
    void leadTo(String address) {
        URI uri = URI.create(address);
        daemon = new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    String address() {
        return "tcp://127.0.0.1:" + listener.getLocalPort();
    }

    /** How many connections there have been. */
    int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                if (refusing) {
                    reset(client);
                    continue;
                }
                connections.incrementAndGet();
                silent = false;
                Socket server = connected();
                if (server == null) {
                    reset(client);
                    continue;
                }
                sockets.add(client);
                sockets.add(server);
                boolean[] lost = new boolean[1];
                Thread.startVirtualThread(() -> copy(client, server, lost));
                Thread.startVirtualThread(() -> copy(server, client, lost));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    /** {@code null} if the daemon does not listen. */
    private Socket connected() {
        Socket server = new Socket();
        try {
            server.connect(daemon);
            return server;
        } catch (IOException down) {
            return null;
        }
    }

    private void copy(Socket from, Socket to, boolean[] lost) {
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                if (silent) {
                    lost[0] = true;
                }
                if (lost[0]) {
                    continue;
                }
                out.write(chunk, 0, n);
                if (bytesToLoss.addAndGet(-n) <= 0) {
                    bytesToLoss.set(Long.MAX_VALUE);
                    lose(next);
                }
            }
            to.close();
        } catch (IOException closed) {
            try {
                to.close();
            } catch (IOException again) {
                // It is closed.
            }
        }
    }

    /** Loses all connections now; new ones can be made. */
    void lose(Loss how) throws IOException {
        if (how == Loss.SILENCE) {
            silent = true;
            return;
        }
        for (Socket socket : Set.copyOf(sockets)) {
            sockets.remove(socket);
            if (how == Loss.RST) {
                reset(socket);
            } else {
                socket.close();
            }
        }
    }

    /** Loses all connections when so many bytes more have passed. */
    void loseAfter(long bytes, Loss how) {
        next = how;
        bytesToLoss.set(bytes);
    }

    private static void reset(Socket socket) throws IOException {
        if (!socket.isClosed()) {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.close();
        }
    }

    /** Whether new connections are refused. */
    void refuse(boolean all) {
        refusing = all;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        lose(Loss.RST);
    }
}
