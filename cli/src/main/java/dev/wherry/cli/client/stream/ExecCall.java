package dev.wherry.cli.client.stream;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Terminal;
import dev.wherry.v1.ExecOptions;
import dev.wherry.v1.ExecRequest;
import dev.wherry.v1.ExecResponse;
import dev.wherry.v1.WindowSize;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One more process in a running container, and its streams: one thread reads what it writes while others send input,
 * signals and window sizes. Ends with the process, or when the user leaves it.
 */
public final class ExecCall implements AutoCloseable {
    private final DaemonChannel daemon;
    private final BlockingClientCall<ExecRequest, ExecResponse> call;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean left;

    private ExecCall(DaemonChannel daemon) {
        this.daemon = daemon;
        this.call = daemon.containerStreams().exec();
    }

    /**
     * Starts a process, and returns when it has started.
     *
     * @throws Failure when it cannot be started
     */
    public static ExecCall start(DaemonChannel daemon, ExecOptions options) {
        ExecCall exec = new ExecCall(daemon);
        try {
            exec.call.write(ExecRequest.newBuilder().setOptions(options).build());
            ExecResponse first = exec.call.read();
            if (first == null || !first.hasStarted()) {
                throw new Failure("wherryd did not start a process in " + options.getContainer());
            }
            return exec;
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, daemon.address());
        }
    }

    /**
     * Copies what the process writes until it ends.
     *
     * @return its exit code; empty when the user left it
     * @throws Failure when the connection was lost
     */
    public OptionalInt copyTo(OutputStream out, OutputStream err) {
        OptionalInt code = OptionalInt.empty();
        try {
            for (ExecResponse response = call.read(); response != null; response = call.read()) {
                switch (response.getResponseCase()) {
                    case STDOUT -> write(response.getStdout(), out);
                    case STDERR -> write(response.getStderr(), err);
                    case EXIT_CODE -> code = OptionalInt.of(response.getExitCode());
                    case STARTED, RESPONSE_NOT_SET -> {}
                }
            }
            return code;
        } catch (StatusException | InterruptedException e) {
            if (left) {
                return OptionalInt.empty();
            }
            throw CallFailures.of(e, daemon.address());
        } catch (IOException e) {
            throw Failure.of("standard output: " + e.getMessage(), e);
        }
    }

    /**
     * Sends standard input in the background until it ends.
     *
     * @param keys what leaves the process, if anything does
     */
    public void sendInput(InputStream in, Optional<DetachKeys> keys) {
        // Reading a terminal or pipe blocks its thread, and nothing can wake it: it must not keep the process alive.
        Thread.ofPlatform().daemon().name("stdin").start(() -> copyInput(in, keys));
    }

    private void copyInput(InputStream in, Optional<DetachKeys> keys) {
        switch (TypedInput.copy(
                in, keys, data -> send(ExecRequest.newBuilder().setStdin(data).build()))) {
            case ENDED -> send(ExecRequest.newBuilder().setStdinClosed(true).build());
            case LEFT -> {
                left = true;
                close();
            }
            case REFUSED -> {}
        }
    }

    /** Tells the process's terminal the size of the window. */
    public void resize(Terminal.Size size) {
        send(ExecRequest.newBuilder().setResize(window(size)).build());
    }

    /** A window size as the daemon takes it. */
    public static WindowSize window(Terminal.Size size) {
        return WindowSize.newBuilder()
                .setColumns(size.columns())
                .setRows(size.rows())
                .build();
    }

    /** Sends the process a signal; {@code false} when the call is over. */
    public boolean signal(String name) {
        return send(ExecRequest.newBuilder().setSignal(name).build());
    }

    @Override
    public void close() {
        call.cancel("ended", null);
    }

    /** Sends one request; {@code false} when the call is over. */
    private boolean send(ExecRequest request) {
        writing.lock();
        try {
            return call.write(request);
        } catch (StatusException | InterruptedException | IllegalStateException e) {
            // The reader of the process's output learns the same and reports it.
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
