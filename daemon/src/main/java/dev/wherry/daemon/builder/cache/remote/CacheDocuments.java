package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.MediaTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The documents of a cache: its config and its manifest. They depend on the steps alone, so that the same build writes
 * the same cache again.
 */
public final class CacheDocuments {

    /** BuildKit reads no larger ones. */
    static final int MAX_BUILDKIT = 1 << 20;

    private final byte[] config;
    private final List<Digest> layers;

    private CacheDocuments(byte[] config, List<Digest> layers) {
        this.config = config;
        this.layers = layers;
    }

    /** @param steps each after those that it begins with and reads from */
    public static CacheDocuments of(List<WrittenStep> steps, Map<Digest, Descriptor> blobs) {
        Writing writing = new Writing(steps, diffId -> blobs.get(diffId).digest());
        byte[] config = CanonicalJson.write(new CacheConfig(writing.layers, writing.entries(true)));
        if (config.length > MAX_BUILDKIT) {
            config = CanonicalJson.write(new CacheConfig(writing.layers, writing.entries(false)));
        }
        return new CacheDocuments(config, writing.diffIds());
    }

    /**
     * The records of an inline cache: layers are named by their places in the image.
     *
     * @param image diff IDs of the image's layers, bottom first
     */
    public static byte[] inline(List<WrittenStep> steps, List<Digest> image) {
        List<WrittenStep> placed = new ArrayList<>();
        for (WrittenStep step : steps) {
            boolean prefix = step.layers().size() <= image.size()
                    && image.subList(0, step.layers().size()).equals(step.layers());
            placed.add(prefix ? step : without(step));
        }
        return CanonicalJson.write(new Writing(placed, diffId -> diffId, true).entries(false));
    }

    private static WrittenStep without(WrittenStep step) {
        return new WrittenStep(
                step.key(),
                step.parents(),
                List.of(),
                step.definition(),
                step.createdAt(),
                step.duration(),
                step.inputs(),
                step.contents());
    }

    public byte[] config() {
        return config;
    }

    public Descriptor configDescriptor() {
        return new Descriptor(CacheConfig.MEDIA_TYPE, Digest.sha256(config), config.length);
    }

    /** Diff IDs of the layers, in the order in which the manifest names them. */
    public List<Digest> layers() {
        return layers;
    }

    /**
     * The manifest.
     *
     * @param image an image manifest rather than an index
     * @param oci media types of OCI rather than docker's
     * @param blobs of the layers, by diff ID
     */
    public byte[] manifest(boolean image, boolean oci, Map<Digest, Descriptor> blobs) {
        List<Descriptor> described = layers.stream()
                .map(diffId -> described(blobs.get(diffId), diffId))
                .toList();
        if (image) {
            return CanonicalJson.write(new Manifest(MediaTypes.MANIFEST, configDescriptor(), described, Map.of()));
        }
        List<ImageIndex.Entry> entries = new ArrayList<>();
        described.forEach(layer -> entries.add(entry(layer)));
        entries.add(entry(configDescriptor()));
        return CanonicalJson.write(new ImageIndex(2, mediaType(false, oci), entries));
    }

    public static String mediaType(boolean image, boolean oci) {
        return image ? MediaTypes.MANIFEST : oci ? MediaTypes.INDEX : MediaTypes.DOCKER_INDEX;
    }

    private static Descriptor described(Descriptor blob, Digest diffId) {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put(CacheConfig.DIFF_ID, diffId.toString());
        return new Descriptor(blob.mediaType(), blob.digest(), blob.size(), annotations);
    }

    private static ImageIndex.Entry entry(Descriptor blob) {
        return new ImageIndex.Entry(blob.mediaType(), blob.digest(), blob.size(), null, blob.annotations());
    }

    /** Names the blob of a layer. */
    private interface Naming {
        Digest blob(Digest diffId);
    }

    /** Gives layers and records their places. */
    private static final class Writing {

        private record Place(Digest diffId, int parent) {}

        private final SequencedMap<Digest, WrittenStep> steps = new LinkedHashMap<>();
        private final Map<Digest, Integer> places = new HashMap<>();
        private final Map<Digest, Integer> tops = new HashMap<>();
        private final SequencedMap<Place, Integer> chains = new LinkedHashMap<>();
        private final List<CacheConfig.Layer> layers = new ArrayList<>();

        Writing(List<WrittenStep> given, Naming naming) {
            this(given, naming, false);
        }

        /** @param inline whether the layers are those of one image, at their places in it */
        Writing(List<WrittenStep> given, Naming naming, boolean inline) {
            for (WrittenStep step : given) {
                // Equal steps of two stages are one record.
                steps.merge(step.key(), step, (one, other) -> one.layers().isEmpty() ? other : one);
            }
            for (WrittenStep step : steps.values()) {
                places.put(step.key(), places.size());
                if (!step.layers().isEmpty()) {
                    tops.put(step.key(), inline ? step.layers().size() - 1 : top(step, naming));
                }
            }
        }

        private int top(WrittenStep step, Naming naming) {
            int below = CacheConfig.NOTHING;
            for (Digest diffId : step.layers()) {
                int parent = below;
                below = chains.computeIfAbsent(new Place(diffId, parent), _ -> {
                    layers.add(new CacheConfig.Layer(naming.blob(diffId), parent));
                    return layers.size() - 1;
                });
            }
            return below;
        }

        List<Digest> diffIds() {
            return chains.keySet().stream().map(Place::diffId).distinct().toList();
        }

        List<CacheConfig.Entry> entries(boolean withInputs) {
            List<CacheConfig.Entry> entries = new ArrayList<>();
            for (WrittenStep step : steps.values()) {
                List<List<CacheConfig.Link>> inputs = step.parents().stream()
                        .map(parent -> List.of(new CacheConfig.Link(null, places.get(parent))))
                        .toList();
                Integer top = tops.get(step.key());
                entries.add(new CacheConfig.Entry(
                        step.key(),
                        top == null
                                ? null
                                : List.of(new CacheConfig.Result(
                                        top, step.createdAt().toString())),
                        inputs.isEmpty() ? null : inputs,
                        new CacheConfig.Details(
                                step.definition().orElse(null),
                                step.duration().toNanos(),
                                withInputs ? step.inputs().orElse(null) : null,
                                step.contents().isEmpty() ? null : new TreeMap<>(step.contents()))));
            }
            return entries;
        }
    }
}
