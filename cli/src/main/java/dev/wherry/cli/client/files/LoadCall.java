package dev.wherry.cli.client.files;

import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.v1.LoadImagesRequest;
import dev.wherry.v1.LoadImagesResponse;
import dev.wherry.v1.LoadOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Sends images to be stored. */
public final class LoadCall {
    private LoadCall() {}

    /**
     * Sends an archive up to its end.
     *
     * @throws IOException when the archive cannot be read
     * @throws dev.wherry.cli.error.Failure when the daemon refuses it
     */
    public static LoadImagesResponse run(DaemonChannel daemon, LoadOptions options, InputStream archive)
            throws IOException {
        return run(daemon, options, archive::transferTo);
    }

    /**
     * Sends an image layout that is in a folder.
     *
     * @throws IOException when a file cannot be read
     * @throws dev.wherry.cli.error.Failure when the daemon refuses what is there
     */
    public static LoadImagesResponse run(DaemonChannel daemon, LoadOptions options, Path folder) throws IOException {
        return run(daemon, options, stream -> LocalArchive.write(folder, ".", new EntryNames(".", "."), stream));
    }

    private static LoadImagesResponse run(DaemonChannel daemon, LoadOptions options, Upload.Sender sender)
            throws IOException {
        return new Upload<>(
                        daemon.imageStreams().load(),
                        LoadImagesRequest.newBuilder().setOptions(options).build(),
                        data -> LoadImagesRequest.newBuilder().setChunk(data).build())
                .run("load", daemon.address(), sender)
                .response();
    }
}
