package dev.wherry.cli.client.stream;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Terminal;
import dev.wherry.v1.AttachOptions;
import dev.wherry.v1.AttachRequest;
import dev.wherry.v1.AttachResponse;
import dev.wherry.v1.WindowSize;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The streams of a container. Joined before the container starts, so that nothing it writes is missed; one thread reads
 * what it writes while others send input, signals and window sizes. Ends with the container's streams, or when the user
 * detaches.
 */
public final class AttachCall implements AutoCloseable {
    private final DaemonChannel daemon;
    private final BlockingClientCall<AttachRequest, AttachResponse> call;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean detached;

    private AttachCall(DaemonChannel daemon) {
        this.daemon = daemon;
        this.call = daemon.containerStreams().attach();
    }

    /**
     * Joins the streams, and returns when they are joined.
     *
     * @throws Failure when the container cannot be attached to
     */
    public static AttachCall to(DaemonChannel daemon, String container, boolean stdin) {
        AttachCall attachment = new AttachCall(daemon);
        try {
            AttachOptions options = AttachOptions.newBuilder()
                    .setContainer(container)
                    .setStdin(stdin)
                    .build();
            attachment.call.write(AttachRequest.newBuilder().setOptions(options).build());
            AttachResponse first = attachment.call.read();
            if (first == null || !first.hasReady()) {
                throw new Failure("wherryd did not join the streams of " + container);
            }
            return attachment;
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, daemon.address());
        }
    }

    /**
     * Copies what the container writes until its streams end.
     *
     * @return whether they ended; {@code false} when the user detached
     * @throws Failure when the connection was lost
     */
    public boolean copyTo(OutputStream out, OutputStream err) {
        try {
            for (AttachResponse response = call.read(); response != null; response = call.read()) {
                switch (response.getResponseCase()) {
                    case STDOUT -> write(response.getStdout(), out);
                    case STDERR -> write(response.getStderr(), err);
                    case READY, RESPONSE_NOT_SET -> {}
                }
            }
            return true;
        } catch (StatusException | InterruptedException e) {
            if (detached) {
                return false;
            }
            throw CallFailures.of(e, daemon.address());
        } catch (IOException e) {
            throw Failure.of("standard output: " + e.getMessage(), e);
        }
    }

    /**
     * Sends standard input in the background until it ends.
     *
     * @param keys what leaves the container, if anything does
     * @return the thread that does it
     */
    public Thread sendInput(InputStream in, Optional<DetachKeys> keys) {
        // Reading a terminal or pipe blocks its thread, and nothing can wake it: it must not keep the process alive.
        return Thread.ofPlatform().daemon().name("stdin").start(() -> copyInput(in, keys));
    }

    /** Tells the container's terminal the size of the window. */
    public void resize(Terminal.Size size) {
        send(AttachRequest.newBuilder()
                .setResize(WindowSize.newBuilder().setColumns(size.columns()).setRows(size.rows()))
                .build());
    }

    /** Sends a signal to the container's first process; {@code false} when the call is over. */
    public boolean signal(String name) {
        return send(AttachRequest.newBuilder().setSignal(name).build());
    }

    @Override
    public void close() {
        call.cancel("ended", null);
    }

    private void copyInput(InputStream in, Optional<DetachKeys> keys) {
        switch (TypedInput.copy(
                in, keys, data -> send(AttachRequest.newBuilder().setStdin(data).build()))) {
            case ENDED -> send(AttachRequest.newBuilder().setStdinClosed(true).build());
            case LEFT -> {
                detached = true;
                close();
            }
            case REFUSED -> {}
        }
    }

    /** Sends one request; {@code false} when the call is over. */
    private boolean send(AttachRequest request) {
        writing.lock();
        try {
            return call.write(request);
        } catch (StatusException | InterruptedException | IllegalStateException e) {
            // The reader of the container's output learns the same and reports it.
            return false;
        } finally {
            writing.unlock();
        }
    }

    private static void write(ByteString data, OutputStream out) throws IOException {
        data.writeTo(out);
        out.flush();
    }
}
