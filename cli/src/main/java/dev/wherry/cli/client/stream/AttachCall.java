package dev.wherry.cli.client.stream;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.AttachOptions;
import dev.wherry.v1.AttachRequest;
import dev.wherry.v1.AttachResponse;
import dev.wherry.v1.ContainerExit;
import dev.wherry.v1.WindowSize;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The streams of a container's first process. A client attaches before the container starts, so that it misses no
 * output.
 */
public final class AttachCall extends StreamCall<AttachRequest, AttachResponse> {
    /** Written and read by the thread that copies the output. */
    private ContainerExit exit;

    private AttachCall(DaemonChannel daemon) {
        super(daemon, daemon.containerStreams().attach());
    }

    /**
     * Attaches, and returns when the streams are attached.
     *
     * @throws Failure if the container cannot be attached to
     */
    public static AttachCall to(DaemonChannel daemon, String container, boolean stdin) {
        AttachCall call = new AttachCall(daemon);
        AttachResponse first = call.open(AttachRequest.newBuilder()
                .setOptions(AttachOptions.newBuilder().setContainer(container).setStdin(stdin))
                .build());
        if (first == null || !first.hasReady()) {
            throw new Failure("wherryd did not attach to " + container);
        }
        return call;
    }

    @Override
    AttachRequest stdin(ByteString data) {
        return AttachRequest.newBuilder().setStdin(data).build();
    }

    @Override
    AttachRequest endOfStdin() {
        return AttachRequest.newBuilder().setStdinClosed(true).build();
    }

    @Override
    AttachRequest resized(WindowSize size) {
        return AttachRequest.newBuilder().setResize(size).build();
    }

    /** Sends a signal to the process; {@code false} if the call is over. */
    public boolean signal(String name) {
        return send(AttachRequest.newBuilder().setSignal(name).build());
    }

    @Override
    void deliver(AttachResponse response, OutputStream out, OutputStream err) throws IOException {
        switch (response.getResponseCase()) {
            case STDOUT -> write(response.getStdout(), out);
            case STDERR -> write(response.getStderr(), err);
            case EXIT -> exit = response.getExit();
            case READY, RESPONSE_NOT_SET -> {}
        }
    }

    /**
     * How the run that was attached to ended; call when its output has been copied to the end.
     *
     * @throws Failure if the daemon did not report it
     */
    public ContainerExit exit() {
        if (exit == null) {
            throw new Failure("wherryd did not report the exit of the container");
        }
        return exit;
    }
}
