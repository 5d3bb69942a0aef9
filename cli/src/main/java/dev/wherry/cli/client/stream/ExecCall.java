package dev.wherry.cli.client.stream;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.ExecOptions;
import dev.wherry.v1.ExecRequest;
import dev.wherry.v1.ExecResponse;
import dev.wherry.v1.WindowSize;
import java.io.IOException;
import java.io.OutputStream;

/** An additional process in a running container, and its streams. */
public final class ExecCall extends StreamCall<ExecRequest, ExecResponse> {
    private int exitCode;

    private ExecCall(DaemonChannel daemon) {
        super(daemon, daemon.containerStreams().exec());
    }

    /**
     * Starts a process, and returns when it has started.
     *
     * @throws Failure if it cannot be started
     */
    public static ExecCall start(DaemonChannel daemon, ExecOptions options) {
        ExecCall call = new ExecCall(daemon);
        ExecResponse first =
                call.open(ExecRequest.newBuilder().setOptions(options).build());
        if (first == null || !first.hasStarted()) {
            throw new Failure("wherryd did not start a process in " + options.getContainer());
        }
        return call;
    }

    /** The exit code of the process, once its output has been copied to the end; 0 if the daemon named none. */
    public int exitCode() {
        return exitCode;
    }

    @Override
    ExecRequest stdin(ByteString data) {
        return ExecRequest.newBuilder().setStdin(data).build();
    }

    @Override
    ExecRequest endOfStdin() {
        return ExecRequest.newBuilder().setStdinClosed(true).build();
    }

    @Override
    ExecRequest resized(WindowSize size) {
        return ExecRequest.newBuilder().setResize(size).build();
    }

    /** Sends a signal to the process; {@code false} if the call is over. */
    public boolean signal(String name) {
        return send(ExecRequest.newBuilder().setSignal(name).build());
    }

    @Override
    void deliver(ExecResponse response, OutputStream out, OutputStream err) throws IOException {
        switch (response.getResponseCase()) {
            case STDOUT -> write(response.getStdout(), out);
            case STDERR -> write(response.getStderr(), err);
            case EXIT_CODE -> exitCode = response.getExitCode();
            case STARTED, RESPONSE_NOT_SET -> {}
        }
    }
}
