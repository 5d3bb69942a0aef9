package dev.wherry.daemon.builder.cache.remote;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;

/**
 * The config of a cache, as BuildKit has it ({@code cache/remotecache/v1/types}): layers, each on top of another one, and
 * records, which point to layers and to the records of the steps before. Lists that are left out are null.
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
record CacheConfig(List<Layer> layers, List<Entry> records) {

    static final String MEDIA_TYPE = "application/vnd.buildkit.cacheconfig.v0";

    /** The annotation of a layer's descriptor that has the digest of its plain tar stream. */
    static final String DIFF_ID = "containerd.io/uncompressed";

    static final String CREATED_AT = "buildkit/createdat";

    /** The place of a layer that lies on nothing. */
    static final int NOTHING = -1;

    /**
     * A layer.
     *
     * @param parent place of the layer below it; {@link #NOTHING} for none, and the first when it is left out
     * @param annotations null where a manifest describes the layers
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Layer(Digest blob, int parent, Described annotations) {

        Layer(Digest blob, int parent) {
            this(blob, parent, null);
        }
    }

    /** A layer's descriptor, in caches without a manifest. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Described(
            String mediaType, @JsonProperty("diffID") Digest diffId, long size) {

        static Described of(Descriptor layer) {
            return new Described(
                    layer.mediaType(), Digest.parse(layer.annotations().get(DIFF_ID)), layer.size());
        }
    }

    /**
     * The record of a step.
     *
     * @param digest its cache key
     * @param layers its results, each a layer with all below it
     * @param inputs for each input of the step, the records of the steps that it may come from
     * @param step what Wherry knows of the step besides; BuildKit does not read it
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Entry(
            Digest digest,
            List<Result> layers,
            List<List<Link>> inputs,
            @JsonProperty("dev.wherry.step.v1") Details step) {}

    /** @param layer place of the topmost layer */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Result(int layer, String createdAt) {}

    /** @param link place of a record */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Link(String selector, int link) {}

    /**
     * What a record keeps for Wherry.
     *
     * @param definition the key of the step with any files; null when it is not known
     * @param duration how long the step took, in nanoseconds
     * @param inputs what the step depended on, to explain a miss; null when there is no room for it
     * @param contents digests of what later steps read of the result, by what they select of it
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Details(Digest definition, long duration, String inputs, Map<String, Digest> contents) {}
}
