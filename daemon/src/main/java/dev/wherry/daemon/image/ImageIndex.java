package dev.wherry.daemon.image;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wherry.daemon.content.Digest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;

/** The manifests of one image for several platforms (OCI image-spec, "Image Index"). */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ImageIndex(int schemaVersion, String mediaType, List<Entry> manifests) {

    /** One manifest; {@code platform} is null where it is not an image for one, {@code annotations} where there are none. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Entry(
            String mediaType, Digest digest, long size, Platform platform, Map<String, String> annotations) {}
}
