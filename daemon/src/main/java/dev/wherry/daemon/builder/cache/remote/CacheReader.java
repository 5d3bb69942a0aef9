package dev.wherry.daemon.builder.cache.remote;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.wherry.daemon.content.BlobProvider;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageConfig.Rootfs;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.metadata.Leases.Lease;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads the records of a cache: of a manifest or index that names a cache config, or of an image whose own config has an
 * inline cache. Whoever wrote the cache is not trusted: its size is bounded, layers that lie on one another in a circle
 * or on too many are refused, and what a layer unpacks to is verified when it is fetched.
 */
final class CacheReader {

    static final int MAX_CONFIG = 16 << 20;
    static final int MAX_ENTRIES = 50_000;

    static final int MAX_CHAIN = Manifest.MAX_LAYERS;

    private static final int MAX_IMAGES = 64;

    private final String name;
    private final BlobProvider blobs;
    private final ContentStore content;
    private final Lease lease;
    private final RemoteCache cache;

    /** @param name what messages call the cache */
    CacheReader(String name, BlobProvider blobs, ContentStore content, Lease lease) {
        this.name = name;
        this.blobs = blobs;
        this.content = content;
        this.lease = lease;
        this.cache = new RemoteCache(name, blobs);
    }

    /** An image manifest or an index: a field that a document lacks is null. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Document(Descriptor config, List<Descriptor> layers, List<Descriptor> manifests) {

        /** All that it names but its config. */
        List<Descriptor> named() {
            List<Descriptor> named = new ArrayList<>(list(layers));
            named.addAll(list(manifests));
            return named;
        }
    }

    /** What an inline cache needs of an image's config. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record InlineConfig(
            Rootfs rootfs,
            @JsonProperty("moby.buildkit.cache.v0") byte[] cache) {}

    /**
     * Reads the records.
     *
     * @param manifest the document that the reference of the cache points to
     * @throws CorruptContentException when it is no cache, or is malformed
     * @throws ExhaustedException when it is larger than allowed
     */
    RemoteCache read(byte[] manifest) {
        Document document = document(manifest);
        List<Descriptor> named = document.named();
        Optional<Descriptor> config = Optional.ofNullable(document.config())
                .filter(CacheReader::isConfig)
                .or(() -> named.stream().filter(CacheReader::isConfig).findFirst());
        if (config.isPresent()) {
            layered(config.get(), named);
        } else if (document.config() != null) {
            inline(document);
        } else {
            named.stream().limit(MAX_IMAGES).forEach(image -> inline(document(bytes(image))));
        }
        return cache;
    }

    /**
     * Reads the records of a cache without a manifest, whose configs describe the layers.
     *
     * @param configs of several caches that are one, such as those of a branch and of the one that it is based on
     */
    RemoteCache readDescribed(List<byte[]> configs) {
        for (byte[] bytes : configs) {
            CacheConfig config = CanonicalJson.read(bytes, CacheConfig.class, "the config of the cache " + name);
            Map<Digest, RemoteLayer> layers = new HashMap<>();
            for (CacheConfig.Layer layer : list(config.layers())) {
                CacheConfig.Described described = layer.annotations();
                if (layer.blob() != null && described != null && described.diffId() != null && described.size() >= 0) {
                    layers.put(
                            layer.blob(),
                            new RemoteLayer(
                                    new Descriptor(described.mediaType(), layer.blob(), described.size()),
                                    described.diffId()));
                }
            }
            add(config, layers);
        }
        return cache;
    }

    private Document document(byte[] bytes) {
        return CanonicalJson.read(bytes, Document.class, "the cache manifest of " + name);
    }

    private static boolean isConfig(Descriptor blob) {
        return CacheConfig.MEDIA_TYPE.equals(blob.mediaType());
    }

    private byte[] bytes(Descriptor blob) {
        if (blob.size() > MAX_CONFIG) {
            throw new ExhaustedException("the cache " + name + " has a config of " + blob.size() + " bytes: at most "
                    + MAX_CONFIG + " are allowed");
        }
        blobs.fetch(lease, blob, _ -> {});
        return content.read(blob.digest(), MAX_CONFIG);
    }

    private void layered(Descriptor config, List<Descriptor> named) {
        Map<Digest, RemoteLayer> layers = new HashMap<>();
        for (Descriptor layer : named) {
            String diffId =
                    layer.annotations() == null ? null : layer.annotations().get(CacheConfig.DIFF_ID);
            if (diffId != null && !isConfig(layer)) {
                layers.put(layer.digest(), new RemoteLayer(layer, Digest.parse(diffId)));
            }
        }
        add(CanonicalJson.read(bytes(config), CacheConfig.class, "the config of the cache " + name), layers);
    }

    private void inline(Document image) {
        if (image.config() == null || list(image.layers()).isEmpty()) {
            return;
        }
        InlineConfig config =
                CanonicalJson.read(bytes(image.config()), InlineConfig.class, "the config of the image " + name);
        List<Digest> diffIds =
                config.rootfs() == null ? List.of() : list(config.rootfs().diffIds());
        if (config.cache() == null || diffIds.size() != image.layers().size()) {
            return;
        }
        CacheConfig.Entry[] entries =
                CanonicalJson.read(config.cache(), CacheConfig.Entry[].class, "the inline cache of the image " + name);
        Map<Digest, RemoteLayer> layers = new HashMap<>();
        List<CacheConfig.Layer> chain = new ArrayList<>();
        for (int i = 0; i < diffIds.size(); i++) {
            Descriptor blob = image.layers().get(i);
            layers.put(blob.digest(), new RemoteLayer(blob, diffIds.get(i)));
            chain.add(new CacheConfig.Layer(blob.digest(), i - 1));
        }
        add(new CacheConfig(chain, Arrays.asList(entries)), layers);
    }

    private void add(CacheConfig config, Map<Digest, RemoteLayer> blobs) {
        List<CacheConfig.Layer> layers = list(config.layers());
        List<CacheConfig.Entry> entries = list(config.records());
        if (layers.size() > MAX_ENTRIES || entries.size() > MAX_ENTRIES) {
            throw new ExhaustedException(
                    "the cache " + name + " has more than the " + MAX_ENTRIES + " records allowed for one");
        }
        for (CacheConfig.Entry entry : entries) {
            if (entry.digest() != null) {
                cache.add(record(entry, layers, entries, blobs));
            }
        }
    }

    private RemoteRecord record(
            CacheConfig.Entry entry,
            List<CacheConfig.Layer> layers,
            List<CacheConfig.Entry> entries,
            Map<Digest, RemoteLayer> blobs) {
        Optional<List<RemoteLayer>> chain = Optional.empty();
        String createdAt = null;
        for (CacheConfig.Result result : list(entry.layers())) {
            createdAt = result.createdAt();
            chain = chain(result.layer(), layers, blobs);
            if (chain.isPresent()) {
                break;
            }
        }
        List<Digest> parents = new ArrayList<>();
        for (List<CacheConfig.Link> input : list(entry.inputs())) {
            for (CacheConfig.Link link : list(input)) {
                if (link.link() < 0 || link.link() >= entries.size()) {
                    throw malformed("a record links to record " + link.link());
                }
                Digest parent = entries.get(link.link()).digest();
                if (parent != null && parents.size() < MAX_CHAIN) {
                    parents.add(parent);
                }
            }
        }
        Optional<CacheConfig.Details> step = Optional.ofNullable(entry.step());
        return new RemoteRecord(
                cache,
                entry.digest(),
                chain,
                parents,
                step.map(CacheConfig.Details::definition),
                RecordTimes.instant(createdAt),
                RecordTimes.duration(step.map(CacheConfig.Details::duration).orElse(0L)),
                step.map(CacheConfig.Details::inputs),
                step.map(CacheConfig.Details::contents).orElse(Map.of()));
    }

    /** The layer at a place and all below it, bottom first; empty when a blob of them is not in the cache. */
    private Optional<List<RemoteLayer>> chain(int top, List<CacheConfig.Layer> layers, Map<Digest, RemoteLayer> blobs) {
        List<RemoteLayer> chain = new ArrayList<>();
        for (int at = top; at != CacheConfig.NOTHING; at = layers.get(at).parent()) {
            if (at < 0 || at >= layers.size()) {
                throw malformed("there is no layer " + at);
            }
            if (chain.size() == MAX_CHAIN) {
                throw malformed("a layer lies on more than " + MAX_CHAIN + " others, or in a circle");
            }
            RemoteLayer layer = blobs.get(layers.get(at).blob());
            if (layer == null) {
                return Optional.empty();
            }
            chain.add(layer);
        }
        return chain.isEmpty() ? Optional.empty() : Optional.of(chain.reversed());
    }

    private CorruptContentException malformed(String problem) {
        return new CorruptContentException("the config of the cache " + name + " is malformed: " + problem);
    }

    /** A list that is never null, without the members that are. */
    private static <T> List<T> list(List<T> given) {
        return given == null
                ? List.of()
                : given.stream().anyMatch(Objects::isNull)
                        ? given.stream().filter(Objects::nonNull).toList()
                        : given;
    }
}
