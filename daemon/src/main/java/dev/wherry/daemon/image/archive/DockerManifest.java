package dev.wherry.daemon.image.archive;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.ImageLayout;
import dev.wherry.daemon.image.Reference;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Optional;

/**
 * One image in {@code manifest.json} of a docker archive.
 *
 * @param config name of the file
 * @param repoTags references, or null
 * @param layers names of the files, bottom first
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonPropertyOrder({"Config", "RepoTags", "Layers"})
record DockerManifest(
        @JsonProperty("Config") String config,
        @JsonProperty("RepoTags") List<String> repoTags,
        @JsonProperty("Layers") List<String> layers) {

    static DockerManifest of(Digest config, List<Reference> names, List<Descriptor> layers) {
        return new DockerManifest(
                ImageLayout.path(config),
                names.stream().map(Reference::familiar).toList(),
                layers.stream().map(layer -> ImageLayout.path(layer.digest())).toList());
    }

    List<Reference> references() {
        return Optional.ofNullable(repoTags).orElse(List.of()).stream()
                .flatMap(text -> Optional.ofNullable(text).flatMap(ArchiveNames::tag).stream())
                .toList();
    }
}
