package dev.wherry.cli.client.files;

import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.v1.SaveImagesRequest;
import java.io.IOException;

/** Receives images as an archive. */
public final class SaveCall {
    private SaveCall() {}

    /**
     * Writes the archive to a target, which is complete only if all of it came.
     *
     * @throws dev.wherry.cli.error.Failure when the daemon refuses, or the target takes no more
     */
    public static void run(DaemonChannel daemon, SaveImagesRequest request, OutputTarget target) throws IOException {
        TargetCall.run(daemon, daemon.imageStreams().save(request), target, answer -> {
            if (answer.hasEntry()) {
                target.begin(answer.getEntry());
            } else {
                target.write(answer.getData());
            }
        });
    }
}
