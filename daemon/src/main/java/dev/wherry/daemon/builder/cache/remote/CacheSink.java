package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.image.archive.LayerBlob;
import java.io.IOException;

/** Takes the parts of a cache, in this order. The manifest comes last: it makes the cache complete. */
public interface CacheSink {

    void begin() throws IOException;

    /** Takes a layer, unless it is there already. */
    void layer(LayerBlob layer) throws IOException;

    void config(Descriptor descriptor, byte[] bytes) throws IOException;

    void manifest(Descriptor descriptor, byte[] bytes) throws IOException;
}
