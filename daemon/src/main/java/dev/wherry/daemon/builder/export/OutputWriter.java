package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.image.ImageDraft;
import dev.wherry.daemon.image.archive.ImageArchive;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.snapshot.layer.TreeWriter;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import dev.wherry.daemon.snapshot.tar.TarWriter;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes what the client gets of a result. */
@Singleton
public final class OutputWriter {

    private final ImageArchive archives;

    OutputWriter(ImageArchive archives) {
        this.archives = archives;
    }

    /**
     * Writes all files of the result.
     *
     * @param root where its file system is mounted; empty when it has no files
     * @param modified the time that every file gets instead of its own, in seconds since 1970
     */
    public void files(Optional<Path> root, OptionalLong modified, EntrySink sink) {
        try {
            if (root.isPresent()) {
                TreeWriter.write(root.get(), modified, sink);
            } else {
                sink.finish();
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot write the output", failure);
        }
    }

    /** As above, as a tar stream. */
    public void tar(Optional<Path> root, OptionalLong modified, OutputStream out) {
        try (out) {
            files(root, modified, new TarWriter(out));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot write the output", failure);
        }
    }

    /**
     * Writes the image as an archive.
     *
     * @return the manifest in it
     */
    public Descriptor archive(ImageDraft draft, Output.Archive archive, OutputReceiver receiver, int output) {
        if (archive.folder()) {
            return archives.write(draft, archive.options(), receiver.files(output));
        }
        try (OutputStream out = receiver.stream(output)) {
            return archives.write(draft, archive.options(), new TarWriter(out));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot write the output", failure);
        }
    }
}
