package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.image.archive.LayerBlob;
import dev.wherry.daemon.image.archive.LayoutWriter;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import java.io.IOException;

/** Writes a cache into a directory of the client. Blobs that are there are not sent; the index comes last. */
public final class FolderTarget implements CacheSink {

    private final CacheTarget.Place.Folder folder;
    private final LayoutWriter files;

    /** @param sink the client's directory */
    public FolderTarget(CacheTarget.Place.Folder folder, EntrySink sink) {
        this.folder = folder;
        this.files = new LayoutWriter(sink);
    }

    @Override
    public void begin() throws IOException {
        files.mark();
        files.folders();
    }

    @Override
    public void layer(LayerBlob layer) throws IOException {
        if (!folder.blobs().contains(layer.descriptor().digest())) {
            files.blob(layer);
        }
    }

    @Override
    public void config(Descriptor descriptor, byte[] bytes) throws IOException {
        files.blob(descriptor.digest(), bytes);
    }

    @Override
    public void manifest(Descriptor descriptor, byte[] bytes) throws IOException {
        files.blob(descriptor.digest(), bytes);
        files.index(LayoutIndex.with(folder.index(), descriptor, folder.tag()));
        files.finish();
    }
}
