package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.image.IndexDraft;
import dev.wherry.daemon.image.archive.ImageArchive;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.snapshot.layer.TreeWriter;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import dev.wherry.daemon.snapshot.tar.FolderSink;
import dev.wherry.daemon.snapshot.tar.TarWriter;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes what the client gets of a result. */
@Singleton
public final class OutputWriter {

    private final ImageArchive archives;

    OutputWriter(ImageArchive archives) {
        this.archives = archives;
    }

    /** Writes all files of the results. */
    void files(List<ResultTree> trees, EntrySink sink) {
        try {
            if (trees.size() == 1 && trees.getFirst().root().isPresent()) {
                TreeWriter.write(trees.getFirst().root().get(), trees.getFirst().modified(), sink);
                return;
            }
            for (ResultTree tree : trees) {
                if (tree.folder().isPresent()) {
                    EntrySink folder = new FolderSink(
                            sink, tree.folder().get(), tree.modified().orElse(0));
                    if (tree.root().isPresent()) {
                        TreeWriter.write(tree.root().get(), tree.modified(), folder);
                    }
                }
            }
            sink.finish();
        } catch (IOException failure) {
            throw StorageFailure.of("cannot write the output", failure);
        }
    }

    /** As above, as a tar stream. */
    void tar(List<ResultTree> trees, OutputStream out) {
        try (out) {
            files(trees, new TarWriter(out));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot write the output", failure);
        }
    }

    /**
     * Writes the images as an archive.
     *
     * @return the manifest or index in it
     */
    Descriptor archive(IndexDraft images, Output.Archive archive, OutputReceiver receiver, int output) {
        if (archive.folder()) {
            return archives.write(images, archive.options(), receiver.files(output));
        }
        try (OutputStream out = receiver.stream(output)) {
            return archives.write(images, archive.options(), new TarWriter(out));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot write the output", failure);
        }
    }
}
