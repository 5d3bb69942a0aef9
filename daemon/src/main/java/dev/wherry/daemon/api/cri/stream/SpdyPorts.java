package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.background.Background;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Forwards connections of a client that speaks SPDY to the ports of a pod. A connection is a pair of streams, which name the
 * same request: one for the bytes, and one for what went wrong.
 */
final class SpdyPorts {

    /** Also of streams that the client has given up meanwhile. */
    private static final int MOST_HALVES = 256;

    static final String PROTOCOL = "portforward.k8s.io";

    private final PodPorts ports;
    private final Duration patience;
    /** The requests of which one stream is there. */
    private final Map<String, SpdyStream> halves = new HashMap<>();

    /** @param patience how long the client may take to open the second stream of a pair */
    SpdyPorts(PodPorts ports, Duration patience) {
        this.ports = ports;
        this.patience = patience;
    }

    /** Serves the connection until the client leaves; that ends all that is forwarded. */
    void serve(SpdyConnection connection) throws IOException, InterruptedException {
        connection.read(this::opened);
    }

    private synchronized boolean opened(SpdyStream stream) {
        boolean data = isData(stream);
        if (!data && !stream.header("streamType").equals("error")) {
            return false;
        }
        String request = request(stream, data);
        SpdyStream half = halves.remove(request);
        if (half == null) {
            if (halves.size() >= MOST_HALVES) {
                return false;
            }
            halves.put(request, stream);
            Background.start("forward-pair", () -> giveUp(request, stream));
            return true;
        }
        if (isData(half) == data) {
            halves.put(request, half);
            return false;
        }
        PortConnection pair = data ? new PortConnection(stream, half) : new PortConnection(half, stream);
        Background.start("forward", () -> pair.serve(ports));
        return true;
    }

    private static boolean isData(SpdyStream stream) {
        return stream.header("streamType").equals("data");
    }

    /** Old clients do not name the request: they open the stream for errors and then that for bytes. */
    private static String request(SpdyStream stream, boolean data) {
        String named = stream.header("requestID");
        return named.isEmpty() ? "stream " + (data ? stream.id() - 2 : stream.id()) : named;
    }

    private void giveUp(String request, SpdyStream half) throws InterruptedException {
        Thread.sleep(patience);
        boolean alone;
        synchronized (this) {
            alone = halves.remove(request, half);
        }
        if (alone) {
            try {
                half.reset();
            } catch (IOException gone) {
                // So is its connection.
            }
        }
    }
}
