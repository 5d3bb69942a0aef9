package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.builder.cache.actions.ActionsService;
import dev.wherry.daemon.builder.cache.actions.ActionsToken;
import dev.wherry.daemon.builder.cache.actions.SignedBlob;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.archive.LayerBlob;
import dev.wherry.daemon.metadata.Leases.Lease;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a cache into GitHub's cache service: an entry for each layer, then one for the config. There is no manifest: the
 * config itself describes the layers. Layers that are there are not sent.
 */
public final class ActionsTarget implements CacheSink {

    /** How many of the numbers after the newest config others may have taken and not completed. */
    private static final int MAX_TAKEN = 100;

    private final ActionsService service;
    private final ContentStore content;
    private final LayerStaging staging;
    private byte[] config;

    /** @param lease holds layers while they are sent */
    public ActionsTarget(ActionsService service, ContentStore content, Lease lease) {
        this.service = service;
        this.content = content;
        this.staging = new LayerStaging(content, lease);
    }

    @Override
    public void begin() {
        own();
    }

    private ActionsToken.Scope own() {
        return service.access()
                .token()
                .own()
                .orElseThrow(() -> new DeniedException("the token of the GitHub Actions cache allows no writing"));
    }

    @Override
    public void layer(LayerBlob layer) throws IOException {
        Descriptor descriptor = layer.descriptor();
        String key = ActionsKeys.blob(descriptor.digest());
        if (service.find(key).filter(found -> found.key().equals(key)).isPresent()) {
            return;
        }
        Optional<SignedBlob> created = service.create(key);
        if (created.isEmpty()) {
            // Another build is writing the same bytes.
            return;
        }
        staging.hold(layer);
        try (InputStream bytes = content.open(descriptor.digest())) {
            created.get().write(bytes);
        }
        service.finish(key, descriptor.size());
    }

    @Override
    public void config(Descriptor descriptor, byte[] bytes) {
        config = bytes;
    }

    @Override
    public void manifest(Descriptor descriptor, byte[] bytes) throws IOException {
        byte[] described = described(bytes);
        String keys = ActionsKeys.config(service.access().scope(), own());
        long newest = service.find(keys)
                .map(found -> number(found.key().substring(keys.length())))
                .orElse(0L);
        for (long number = newest + 1; number <= newest + MAX_TAKEN; number++) {
            String key = keys + number;
            Optional<SignedBlob> created = service.create(key);
            if (created.isPresent()) {
                created.get().write(new ByteArrayInputStream(described));
                service.finish(key, described.length);
                return;
            }
        }
        throw new UnavailableException("the GitHub Actions cache has no free entry after " + keys + newest);
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : 0;
    }

    /** The config with what the manifest says of the layers. */
    private byte[] described(byte[] manifest) {
        Map<Digest, CacheConfig.Described> layers = new HashMap<>();
        CacheReader.Document document =
                CanonicalJson.read(manifest, CacheReader.Document.class, "the manifest of the cache");
        for (Descriptor layer : document.named()) {
            if (layer.annotations() != null && layer.annotations().containsKey(CacheConfig.DIFF_ID)) {
                layers.put(layer.digest(), CacheConfig.Described.of(layer));
            }
        }
        CacheConfig plain = CanonicalJson.read(config, CacheConfig.class, "the config of the cache");
        List<CacheConfig.Layer> described = plain.layers().stream()
                .map(layer -> new CacheConfig.Layer(layer.blob(), layer.parent(), layers.get(layer.blob())))
                .toList();
        return CanonicalJson.write(new CacheConfig(described, plain.records()));
    }
}
