package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.image.archive.LayerBlob;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.registry.BlobSource;
import dev.wherry.daemon.registry.PushTarget;
import java.io.IOException;

/** Writes a cache into a repository of a registry. Blobs that are there are not sent; the tag comes last. */
public final class RegistryTarget implements CacheSink {

    private final PushTarget repository;
    private final String tag;
    private final ContentStore content;
    private final LayerStaging staging;

    /** @param lease holds layers while they are sent */
    public RegistryTarget(PushTarget repository, String tag, ContentStore content, Lease lease) {
        this.repository = repository;
        this.tag = tag;
        this.content = content;
        this.staging = new LayerStaging(content, lease);
    }

    @Override
    public void begin() {}

    @Override
    public void layer(LayerBlob layer) throws IOException {
        Descriptor descriptor = layer.descriptor();
        if (repository.has(descriptor.digest())) {
            return;
        }
        staging.hold(layer);
        repository.add(BlobSource.of(content, descriptor));
    }

    @Override
    public void config(Descriptor descriptor, byte[] bytes) {
        repository.add(BlobSource.of(descriptor.mediaType(), bytes));
    }

    @Override
    public void manifest(Descriptor descriptor, byte[] bytes) {
        repository.put(tag, descriptor.mediaType(), bytes);
    }
}
