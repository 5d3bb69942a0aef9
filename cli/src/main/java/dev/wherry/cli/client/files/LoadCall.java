package dev.wherry.cli.client.files;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.v1.LoadImagesRequest;
import dev.wherry.v1.LoadImagesResponse;
import dev.wherry.v1.LoadOptions;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;

/** Sends an archive of images. */
public final class LoadCall {
    private LoadCall() {}

    /**
     * Sends the archive up to its end, as fast as the daemon takes it.
     *
     * @throws IOException when the archive cannot be read
     * @throws dev.wherry.cli.error.Failure when the daemon refuses it
     */
    public static LoadImagesResponse run(DaemonChannel daemon, LoadOptions options, InputStream archive)
            throws IOException {
        BlockingClientCall<LoadImagesRequest, LoadImagesResponse> call =
                daemon.imageStreams().load();
        try {
            boolean open = call.write(
                    LoadImagesRequest.newBuilder().setOptions(options).build());
            byte[] buffer = new byte[DaemonChannel.CHUNK];
            for (int n = archive.readNBytes(buffer, 0, DaemonChannel.CHUNK);
                    open && n > 0;
                    n = archive.readNBytes(buffer, 0, DaemonChannel.CHUNK)) {
                ByteString chunk = ByteString.copyFrom(buffer, 0, n);
                open = call.write(LoadImagesRequest.newBuilder().setChunk(chunk).build());
            }
            if (open) {
                call.halfClose();
            }
            LoadImagesResponse response = call.read();
            if (response == null) {
                throw new dev.wherry.cli.error.Failure("wherryd ended the load without a result");
            }
            return response;
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, daemon.address());
        } finally {
            call.cancel("ended", null);
        }
    }
}
