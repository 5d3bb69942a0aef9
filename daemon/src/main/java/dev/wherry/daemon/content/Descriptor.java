package dev.wherry.daemon.content;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;

/**
 * Points to content (OCI image-spec, "Content Descriptors"). The platform that a descriptor in an index carries is part
 * of the index.
 *
 * @param size bytes
 * @param annotations null where there are none
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Descriptor(String mediaType, Digest digest, long size, Map<String, String> annotations) {

    public Descriptor {
        if (digest == null) {
            throw new IllegalArgumentException("a descriptor lacks its digest");
        }
        if (size < 0) {
            throw new IllegalArgumentException("a descriptor has the size " + size);
        }
    }

    public Descriptor(String mediaType, Digest digest, long size) {
        this(mediaType, digest, size, null);
    }
}
