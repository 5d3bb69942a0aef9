package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.HostException;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/** The port of loopback on which streams are served. */
@Singleton
final class StreamListener {

    private static final Logger LOG = Logger.getLogger(StreamListener.class);

    /** How long a client may take to close the connection of a stream that is over. */
    static final Duration LINGER = Duration.ofSeconds(10);

    /** How long a client may take to send its request, and then to open its streams. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST_CONNECTIONS = 1000;

    private final CallRunner calls;
    private final Semaphore room = new Semaphore(MOST_CONNECTIONS);
    private Optional<ServerSocketChannel> server = Optional.empty();

    StreamListener(CallRunner calls) {
        this.calls = calls;
    }

    /**
     * The beginning of its URLs. The first call opens the port.
     *
     * @throws HostException when there is no port
     */
    synchronized String address(PendingStreams streams) {
        try {
            if (server.isEmpty()) {
                ServerSocketChannel opened = ServerSocketChannel.open();
                opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                server = Optional.of(opened);
                Background.start("stream-listener", () -> accept(opened, streams));
            }
            InetSocketAddress address = (InetSocketAddress) server.get().getLocalAddress();
            return "http://127.0.0.1:" + address.getPort();
        } catch (IOException failure) {
            throw new HostException("cannot listen on 127.0.0.1 for streams: " + failure.getMessage(), failure);
        }
    }

    private void accept(ServerSocketChannel opened, PendingStreams streams) throws IOException, InterruptedException {
        while (opened.isOpen()) {
            SocketChannel accepted;
            try {
                accepted = opened.accept();
            } catch (ClosedChannelException ending) {
                return;
            } catch (IOException failure) {
                // Such as too many open files, of which some are closed sooner or later.
                LOG.warnf("cannot accept a connection for streams: %s", failure.getMessage());
                Thread.sleep(PAUSE);
                continue;
            }
            if (room.tryAcquire()) {
                Background.start(
                        "stream-connection",
                        () -> new StreamConnection(accepted, streams, calls, PATIENCE).serve(room::release));
            } else {
                accepted.close();
            }
        }
    }

    void close(@Observes ShutdownEvent stop) throws IOException {
        end();
    }

    /** Takes no more connections; those that are open end with their calls. */
    synchronized void end() throws IOException {
        if (server.isPresent()) {
            server.get().close();
        }
    }
}
