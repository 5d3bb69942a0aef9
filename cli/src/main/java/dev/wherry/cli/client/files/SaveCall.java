package dev.wherry.cli.client.files;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.v1.SaveImagesRequest;
import dev.wherry.v1.SaveImagesResponse;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
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
        BlockingClientCall<?, SaveImagesResponse> call = daemon.imageStreams().save(request);
        boolean complete = false;
        try {
            for (SaveImagesResponse response = call.read(); response != null; response = call.read()) {
                if (response.hasEntry()) {
                    target.begin(response.getEntry());
                } else {
                    target.write(response.getData());
                }
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
