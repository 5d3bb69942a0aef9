package dev.wherry.cli.client.stream;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.WindowSize;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A call that carries the streams of a process in a container: one thread reads the process's output while others send
 * input, signals and window sizes. The call ends with the process's streams, or when the user detaches.
 *
 * @param <Q> the call's requests
 * @param <R> the call's responses
 */
public abstract sealed class StreamCall<Q, R> implements AutoCloseable permits AttachCall, ExecCall, StepShellCall {
    private final DaemonChannel daemon;
    private final BlockingClientCall<Q, R> call;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean detached;

    StreamCall(DaemonChannel daemon, BlockingClientCall<Q, R> call) {
        this.daemon = daemon;
        this.call = call;
    }

    abstract Q stdin(ByteString data);

    abstract Q endOfStdin();

    abstract Q resized(WindowSize size);

    /** Writes the output in a response to its stream. */
    abstract void deliver(R response, OutputStream out, OutputStream err) throws IOException;

    /** Sends the first request and returns the first response; {@code null} if the daemon ended the call. */
    final R open(Q request) {
        try {
            call.write(request);
            return call.read();
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, daemon.address());
        }
    }

    /**
     * Copies the output of the process until its streams end.
     *
     * @return whether they ended; {@code false} if the user detached
     * @throws Failure if the connection was lost
     */
    public final boolean copyTo(OutputStream out, OutputStream err) {
        try {
            for (R response = call.read(); response != null; response = call.read()) {
                deliver(response, out, err);
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
     * @param keys the keys that detach, if any do
     * @return the thread that sends
     */
    public final Thread sendInput(InputStream in, Optional<DetachKeys> keys) {
        // Reading a terminal or pipe blocks its thread, and nothing can wake it: it must not keep the process alive.
        return Thread.ofPlatform().daemon().name("stdin").start(() -> copyInput(in, keys));
    }

    private void copyInput(InputStream in, Optional<DetachKeys> keys) {
        switch (TypedInput.copy(in, keys, data -> send(stdin(data)))) {
            case ENDED -> send(endOfStdin());
            case DETACHED -> {
                detached = true;
                close();
            }
            case REFUSED -> {}
        }
    }

    /** Tells the process's terminal the size of the window. */
    public final void resize(int columns, int rows) {
        send(resized(window(columns, rows)));
    }

    /** A window size as a message. */
    public static WindowSize window(int columns, int rows) {
        return WindowSize.newBuilder().setColumns(columns).setRows(rows).build();
    }

    @Override
    public final void close() {
        call.cancel("ended", null);
    }

    /** Sends one request; {@code false} if the call is over. */
    final boolean send(Q request) {
        writing.lock();
        try {
            return call.write(request);
        } catch (StatusException | InterruptedException | IllegalStateException e) {
            // The reader of the output gets the same error and reports it.
            return false;
        } finally {
            writing.unlock();
        }
    }

    static void write(ByteString data, OutputStream out) throws IOException {
        data.writeTo(out);
        out.flush();
    }
}
