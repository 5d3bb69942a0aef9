package dev.wherry.daemon.image;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wherry.daemon.content.Descriptor;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;

/** What an image consists of (OCI image-spec, "Image Manifest"). Layers come bottom first. */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Manifest(
        int schemaVersion,
        String mediaType,
        Descriptor config,
        List<Descriptor> layers,
        Map<String, String> annotations) {

    /** @param annotations none where empty */
    public Manifest(String mediaType, Descriptor config, List<Descriptor> layers, Map<String, String> annotations) {
        this(2, mediaType, config, layers, annotations.isEmpty() ? null : annotations);
    }
}
