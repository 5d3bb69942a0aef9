package dev.wherry.daemon.image;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.wherry.daemon.content.Digest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/** The manifests of one image for several platforms (OCI image-spec, "Image Index"). */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record Index(int schemaVersion, String mediaType, List<Entry> manifests) {

    /** One manifest; {@code platform} is null where it is not an image for one. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Entry(String mediaType, Digest digest, long size, Platform platform) {}
}
