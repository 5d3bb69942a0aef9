package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Ingest;
import dev.wherry.daemon.image.archive.LayerBlob;
import dev.wherry.daemon.metadata.Leases.Lease;
import java.io.IOException;

/** Layers on their way out: an upload that is interrupted needs the bytes again. */
final class LayerStaging {

    private final ContentStore content;
    private final Lease lease;

    /** @param lease holds layers while they are sent */
    LayerStaging(ContentStore content, Lease lease) {
        this.content = content;
        this.lease = lease;
    }

    /** Sees to it that the bytes of a layer are in the content store. */
    void hold(LayerBlob layer) throws IOException {
        Descriptor descriptor = layer.descriptor();
        if (lease.holdIf(descriptor.digest(), () -> content.contains(descriptor.digest()))) {
            return;
        }
        // The key is its own: the layer may itself come from an ingest.
        try (Ingest ingest = content.ingest("cache " + descriptor.digest())) {
            ingest.restart();
            layer.content().writeTo(ingest.stream());
            lease.hold(() -> ingest.commit(descriptor.digest(), descriptor.size()));
        }
    }
}
