package dev.wherry.cli.client.files;

import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.v1.ImportOptions;
import dev.wherry.v1.ImportRequest;
import java.io.IOException;
import java.io.InputStream;

/** Sends a tar stream that becomes an image. */
public final class ImportCall {
    private ImportCall() {}

    /**
     * Sends the stream up to its end.
     *
     * @return ID of the image
     * @throws IOException when the stream cannot be read
     * @throws dev.wherry.cli.error.Failure when the daemon refuses it
     */
    public static String run(DaemonChannel daemon, ImportOptions options, InputStream tar) throws IOException {
        return new Upload<>(
                        daemon.imageStreams().import_(),
                        ImportRequest.newBuilder().setOptions(options).build(),
                        data -> ImportRequest.newBuilder().setChunk(data).build())
                .run("import", daemon.address(), tar::transferTo)
                .response()
                .getImageId();
    }
}
