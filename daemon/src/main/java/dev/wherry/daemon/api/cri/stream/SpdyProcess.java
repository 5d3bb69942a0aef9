package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.background.Background;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Joins a client that speaks SPDY to a process: each stream of the process is a stream of the connection. */
final class SpdyProcess {

    private static final String ERROR = "error";
    private static final String STDIN = "stdin";
    private static final String STDOUT = "stdout";
    private static final String STDERR = "stderr";
    private static final String RESIZE = "resize";

    private final StreamTarget.Process target;
    private final StreamProtocol protocol;
    private final Duration patience;
    private final Set<String> wanted;
    private final Map<String, SpdyStream> streams = new HashMap<>();

    /** @param patience how long the client may take to open its streams */
    SpdyProcess(StreamTarget.Process target, StreamProtocol protocol, Duration patience) {
        this.target = target;
        this.protocol = protocol;
        this.patience = patience;
        this.wanted = wanted(target.options(), protocol);
    }

    private static Set<String> wanted(StreamOptions options, StreamProtocol protocol) {
        Set<String> names = new HashSet<>(Set.of(ERROR));
        if (options.stdin()) {
            names.add(STDIN);
        }
        if (options.stdout()) {
            names.add(STDOUT);
        }
        if (options.stderr()) {
            names.add(STDERR);
        }
        if (options.tty() && protocol.resizes()) {
            names.add(RESIZE);
        }
        return names;
    }

    /** Serves the connection until the process has ended and the client knows, or the client leaves. */
    void serve(SpdyConnection connection) throws IOException, InterruptedException {
        Thread session = Thread.currentThread();
        Thread reader = Background.start("stream-reader", () -> {
            try {
                connection.read(this::opened);
            } catch (IOException gone) {
                // The session ends.
            } finally {
                session.interrupt();
            }
        });
        try {
            awaitStreams();
            byte[] report = ProcessCall.run(target.session(), client(), protocol);
            end(report);
            reader.join(StreamListener.LINGER);
        } finally {
            reader.interrupt();
        }
    }

    /** Takes a stream that is one of those asked for, and there is none of its kind yet. */
    private synchronized boolean opened(SpdyStream stream) {
        String name = stream.header("streamType");
        if (!wanted.contains(name) || streams.putIfAbsent(name, stream) != null) {
            return false;
        }
        notifyAll();
        return true;
    }

    private synchronized void awaitStreams() throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (streams.size() < wanted.size()) {
            long left = (end - System.nanoTime()) / Duration.ofMillis(1).toNanos();
            if (left <= 0) {
                throw new IOException("the client has not opened its streams in time");
            }
            wait(left);
        }
    }

    private ProcessStreams client() {
        WindowSizes sizes = new WindowSizes();
        if (wanted.contains(RESIZE)) {
            Background.start("window-sizes", () -> SizeReader.read(input(RESIZE), sizes));
        }
        return new ProcessStreams(input(STDIN), output(STDOUT), output(STDERR), sizes);
    }

    private synchronized InputStream input(String name) {
        return wanted.contains(name) ? streams.get(name).input() : InputStream.nullInputStream();
    }

    private synchronized OutputStream output(String name) {
        return wanted.contains(name) ? streams.get(name).output() : OutputStream.nullOutputStream();
    }

    /** The report comes last: by then the client has all output. */
    private void end(byte[] report) throws IOException {
        input(STDIN).close();
        input(RESIZE).close();
        output(STDOUT).close();
        output(STDERR).close();
        try (OutputStream error = output(ERROR)) {
            error.write(report);
        }
    }
}
