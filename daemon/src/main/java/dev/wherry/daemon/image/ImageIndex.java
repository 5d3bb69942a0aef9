package dev.wherry.daemon.image;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.NotFoundException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The manifests of one image for several platforms (OCI image-spec, "Image Index"). */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ImageIndex(int schemaVersion, String mediaType, List<Entry> manifests, Map<String, String> annotations) {

    public ImageIndex(int schemaVersion, String mediaType, List<Entry> manifests) {
        this(schemaVersion, mediaType, manifests, null);
    }

    /** The entries that name something; a malformed index may list others. */
    public List<Entry> entries() {
        return Optional.ofNullable(manifests).orElse(List.of()).stream()
                .filter(entry -> entry != null && entry.digest() != null)
                .toList();
    }

    /** The entries that are images for a known platform. */
    public List<Entry> images() {
        return entries().stream()
                .filter(entry -> entry.kind() == ManifestTree.Kind.IMAGE && entry.platform() != null)
                .toList();
    }

    /** Whether it lists indexes and no image for a platform. An index within an index is never looked into. */
    @JsonIgnore
    public boolean isOfIndexes() {
        return images().isEmpty() && entries().stream().anyMatch(entry -> entry.kind() == ManifestTree.Kind.INDEX);
    }

    /**
     * The image that runs best on a platform.
     *
     * @param name the index in the message
     * @throws NotFoundException when none does
     */
    public Entry best(Platform platform, String name) {
        return platform.best(images(), Entry::platform)
                .orElseThrow(() -> new NotFoundException("image", name, noneFor(platform, name)));
    }

    private String noneFor(Platform wanted, String name) {
        if (isOfIndexes()) {
            return name + " has no image for " + wanted
                    + ": it is an index of further indexes, which are not looked into";
        }
        String offered = images().stream()
                .map(entry -> entry.platform().toString())
                .filter(text -> !text.startsWith("unknown"))
                .distinct()
                .limit(12)
                .collect(Collectors.joining(", "));
        return name + " has no image for " + wanted + (offered.isEmpty() ? "" : ": only for " + offered);
    }

    /** One manifest; {@code platform} is null where it is not an image for one, {@code annotations} where there are none. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Entry(
            String mediaType, Digest digest, long size, Platform platform, Map<String, String> annotations) {

        /** Names of the annotations by which BuildKit ties an attestation to its image. */
        public static final String REFERENCE_TYPE = "vnd.docker.reference.type";

        public static final String SUBJECT_DIGEST = "vnd.docker.reference.digest";
        public static final String ATTESTATION = "attestation-manifest";

        /** Describes a document. */
        public static Entry of(String mediaType, byte[] document, Platform platform) {
            return new Entry(mediaType, Digest.sha256(document), document.length, platform, null);
        }

        public Descriptor descriptor() {
            return new Descriptor(mediaType, digest, size, annotations);
        }

        Optional<String> annotation(String name) {
            return Optional.ofNullable(annotations).map(all -> all.get(name));
        }

        /** What the entry is by its description. */
        public ManifestTree.Kind kind() {
            if (annotation(REFERENCE_TYPE).filter(ATTESTATION::equals).isPresent()) {
                return ManifestTree.Kind.ATTESTATION;
            }
            if (MediaTypes.isIndex(mediaType)) {
                return ManifestTree.Kind.INDEX;
            }
            boolean image = MediaTypes.isManifest(mediaType)
                    && annotation(REFERENCE_TYPE).isEmpty()
                    && (platform == null || !platform.os().equals("unknown"));
            return image ? ManifestTree.Kind.IMAGE : ManifestTree.Kind.OTHER;
        }
    }
}
