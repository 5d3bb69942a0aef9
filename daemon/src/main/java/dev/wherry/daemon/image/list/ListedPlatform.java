package dev.wherry.daemon.image.list;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The platform of a manifest as an index states it (OCI image-spec, "Image Index", "platform"), word for word: unlike
 * {@link dev.wherry.daemon.image.Platform} it is not brought into a normal form. An image config has the same fields.
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ListedPlatform(
        String architecture,
        String os,
        @JsonProperty("os.version") String osVersion,
        @JsonProperty("os.features") List<String> osFeatures,
        String variant) {

    public ListedPlatform {
        osFeatures = osFeatures == null ? List.of() : List.copyOf(osFeatures);
    }

    /** The same, with what the other one says; features are added. */
    ListedPlatform with(ListedPlatform other) {
        return new ListedPlatform(
                either(other.architecture, architecture),
                either(other.os, os),
                either(other.osVersion, osVersion),
                Stream.concat(osFeatures.stream(), other.osFeatures.stream())
                        .distinct()
                        .toList(),
                either(other.variant, variant));
    }

    private static String either(String wanted, String known) {
        return wanted == null || wanted.isEmpty() ? known : wanted;
    }

    /** Whether it says enough to choose a manifest by. */
    boolean isComplete() {
        return Stream.of(os, architecture)
                .allMatch(part -> Optional.ofNullable(part)
                        .filter(text -> !text.isEmpty())
                        .isPresent());
    }
}
