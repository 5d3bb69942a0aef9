package dev.wherry.daemon.image;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The config of an image (OCI image-spec, "Image Configuration"), with docker's additions. Its digest is the image ID.
 * Absent parts are null, so that a config keeps its exact meaning; {@link #config} never is.
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ImageConfig(
        String created,
        String author,
        String architecture,
        String variant,
        String os,
        @JsonProperty("os.version") String osVersion,
        Execution config,
        Rootfs rootfs,
        List<History> history,
        @JsonProperty("moby.buildkit.cache.v0") String cache) {

    public ImageConfig {
        config = config == null ? Execution.EMPTY : config;
    }

    /** What the image is made for. */
    public Platform platform() {
        return new Platform(os, architecture, variant);
    }

    /** A config without records of the build cache. */
    public ImageConfig(
            String created,
            String author,
            String architecture,
            String variant,
            String os,
            String osVersion,
            Execution config,
            Rootfs rootfs,
            List<History> history) {
        this(created, author, architecture, variant, os, osVersion, config, rootfs, history, null);
    }

    /** The diff IDs of the layers, bottom first. */
    public List<Digest> diffIds() {
        return rootfs == null || rootfs.diffIds() == null ? List.of() : rootfs.diffIds();
    }

    /**
     * The diff IDs of the layers that a manifest names.
     *
     * @param what names the config in messages
     * @throws CorruptContentException when they are not as many
     */
    public List<Digest> diffIds(Manifest manifest, String what) {
        List<Digest> diffIds = diffIds();
        if (diffIds.stream().anyMatch(Objects::isNull)
                || diffIds.size() != manifest.layers().size()) {
            throw new CorruptContentException(what + " does not name as many layers as its manifest");
        }
        return diffIds;
    }

    /** The same config with other layers. */
    public ImageConfig withRootfs(Rootfs other) {
        return new ImageConfig(created, author, architecture, variant, os, osVersion, config, other, history, cache);
    }

    /** The same config for containers that run in another way. */
    public ImageConfig withExecution(Execution other) {
        return new ImageConfig(created, author, architecture, variant, os, osVersion, other, rootfs, history, cache);
    }

    /** The same config with the records of the build cache that the image's layers are the results of. */
    public ImageConfig withCache(byte[] records) {
        String encoded = Base64.getEncoder().encodeToString(records);
        return new ImageConfig(created, author, architecture, variant, os, osVersion, config, rootfs, history, encoded);
    }

    /** How a container of the image runs, unless told otherwise. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Execution(
            @JsonProperty("Hostname") String hostname,
            @JsonProperty("User") String user,
            @JsonProperty("ExposedPorts") Map<String, Map<String, Object>> exposedPorts,
            @JsonProperty("Env") List<String> env,
            @JsonProperty("Entrypoint") List<String> entrypoint,
            @JsonProperty("Cmd") List<String> cmd,
            @JsonProperty("ArgsEscaped") Boolean argsEscaped,
            @JsonProperty("Volumes") Map<String, Map<String, Object>> volumes,
            @JsonProperty("WorkingDir") String workingDir,
            @JsonProperty("Labels") Map<String, String> labels,
            @JsonProperty("StopSignal") String stopSignal,
            @JsonProperty("Shell") List<String> shell,
            @JsonProperty("Healthcheck") Map<String, Object> healthcheck,
            @JsonProperty("OnBuild") List<String> onBuild) {

        public static final Execution EMPTY =
                new Execution(null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** The layers, bottom first. */
    @RegisterForReflection
    public record Rootfs(
            String type, @JsonProperty("diff_ids") List<Digest> diffIds) {}

    /** One instruction that made the image; {@code emptyLayer} is null or true. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record History(
            String created,
            @JsonProperty("created_by") String createdBy,
            String author,
            String comment,
            @JsonProperty("empty_layer") Boolean emptyLayer) {}
}
