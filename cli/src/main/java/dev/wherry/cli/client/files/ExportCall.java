package dev.wherry.cli.client.files;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.v1.ExportRequest;
import dev.wherry.v1.ExportResponse;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** Receives the file system of a container. */
public final class ExportCall {
    private ExportCall() {}

    /** @throws dev.wherry.cli.error.Failure when the daemon refuses, or the stream takes no more */
    public static void toStream(DaemonChannel daemon, String container, PrintStream out) throws IOException {
        run(daemon, container, StreamTarget.stdout(out));
    }

    /** As above; the file appears under its name when it is complete. */
    public static void toFile(DaemonChannel daemon, String container, Path file) throws IOException {
        run(daemon, container, StreamTarget.file(file));
    }

    private static void run(DaemonChannel daemon, String container, StreamTarget target) throws IOException {
        BlockingClientCall<?, ExportResponse> call = daemon.containerStreams()
                .export(ExportRequest.newBuilder().setContainer(container).build());
        boolean complete = false;
        try {
            for (ExportResponse response = call.read(); response != null; response = call.read()) {
                target.write(response.getData());
            }
            complete = true;
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, daemon.address());
        } finally {
            call.cancel("ended", null);
            if (!complete) {
                target.abandon();
            }
        }
        target.finish();
    }
}
