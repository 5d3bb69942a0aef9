package dev.wherry.cli.client.files;

import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.v1.ExportRequest;
import java.io.IOException;

/** Receives the file system of a container. */
public final class ExportCall {
    private ExportCall() {}

    /**
     * Writes it to a target.
     *
     * @throws dev.wherry.cli.error.Failure when the daemon refuses, or the target takes no more
     */
    public static void run(DaemonChannel daemon, String container, StreamTarget target) throws IOException {
        ExportRequest request =
                ExportRequest.newBuilder().setContainer(container).build();
        TargetCall.run(
                daemon, daemon.containerStreams().export(request), target, answer -> target.write(answer.getData()));
    }
}
