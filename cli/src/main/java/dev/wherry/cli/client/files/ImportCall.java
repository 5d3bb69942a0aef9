package dev.wherry.cli.client.files;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.v1.ImportOptions;
import dev.wherry.v1.ImportRequest;
import dev.wherry.v1.ImportResponse;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;

/** Sends a tar stream that becomes an image. */
public final class ImportCall {
    private ImportCall() {}

    /**
     * Sends the stream up to its end, as fast as the daemon takes it.
     *
     * @return ID of the image
     * @throws IOException when the stream cannot be read
     * @throws dev.wherry.cli.error.Failure when the daemon refuses it
     */
    public static String run(DaemonChannel daemon, ImportOptions options, InputStream tar) throws IOException {
        BlockingClientCall<ImportRequest, ImportResponse> call =
                daemon.imageStreams().import_();
        try {
            boolean open =
                    call.write(ImportRequest.newBuilder().setOptions(options).build());
            byte[] buffer = new byte[DaemonChannel.CHUNK];
            for (int n = tar.readNBytes(buffer, 0, DaemonChannel.CHUNK);
                    open && n > 0;
                    n = tar.readNBytes(buffer, 0, DaemonChannel.CHUNK)) {
                ByteString chunk = ByteString.copyFrom(buffer, 0, n);
                open = call.write(ImportRequest.newBuilder().setChunk(chunk).build());
            }
            if (open) {
                call.halfClose();
            }
            ImportResponse response = call.read();
            if (response == null) {
                throw new dev.wherry.cli.error.Failure("wherryd ended the import without a result");
            }
            return response.getImageId();
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, daemon.address());
        } finally {
            call.cancel("ended", null);
        }
    }
}
