package dev.wherry.cli.client.stream;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.StepShellOptions;
import dev.wherry.v1.StepShellRequest;
import dev.wherry.v1.StepShellResponse;
import dev.wherry.v1.WindowSize;
import java.io.IOException;
import java.io.OutputStream;

/** A shell in the state of a build step, on a terminal. It ends with the call. */
public final class StepShellCall extends StreamCall<StepShellRequest, StepShellResponse> {
    /** The key that ends the input of a program on a terminal. */
    private static final ByteString CTRL_D = ByteString.copyFrom(new byte[] {4});

    private String title = "";
    private int exitCode;

    private StepShellCall(DaemonChannel daemon) {
        super(daemon, daemon.buildStreams().stepShell());
    }

    /**
     * Opens the shell.
     *
     * @throws Failure if the state of the step is gone
     */
    public static StepShellCall open(DaemonChannel daemon, StepShellOptions options) {
        StepShellCall call = new StepShellCall(daemon);
        StepShellResponse first =
                call.open(StepShellRequest.newBuilder().setOptions(options).build());
        if (first == null || !first.hasStarted()) {
            throw new Failure("wherryd did not open a shell");
        }
        call.title = first.getStarted().getTitle();
        return call;
    }

    /** Which state of a past step it is, in words; empty for that of a step that has just failed. */
    public String title() {
        return title;
    }

    /** The exit code of the shell, once its output has been copied to the end. */
    public int exitCode() {
        return exitCode;
    }

    @Override
    StepShellRequest stdin(ByteString data) {
        return StepShellRequest.newBuilder().setInput(data).build();
    }

    /** A terminal has no end: the shell learns of one as its user tells it. */
    @Override
    StepShellRequest endOfStdin() {
        return stdin(CTRL_D);
    }

    @Override
    StepShellRequest resized(WindowSize size) {
        return StepShellRequest.newBuilder().setResize(size).build();
    }

    @Override
    void deliver(StepShellResponse response, OutputStream out, OutputStream err) throws IOException {
        switch (response.getResponseCase()) {
            case OUTPUT -> write(response.getOutput(), out);
            case EXIT_CODE -> exitCode = response.getExitCode();
            case STARTED, RESPONSE_NOT_SET -> {}
        }
    }
}
