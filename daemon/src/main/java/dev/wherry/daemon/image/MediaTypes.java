package dev.wherry.daemon.image;

import dev.wherry.daemon.registry.RemoteManifest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Set;

/** The media types of OCI image-spec and of docker's older equivalents. */
public final class MediaTypes {

    public static final String INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    public static final String LAYER = "application/vnd.oci.image.layer.v1.tar";

    /** A statement about an image, as attestations hold it. */
    public static final String IN_TOTO = "application/vnd.in-toto+json";

    private static final String DOCKER = "application/vnd.docker.distribution.manifest.";

    public static final String DOCKER_INDEX = DOCKER + "list.v2+json";
    public static final String DOCKER_MANIFEST = DOCKER + "v2+json";
    public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
    public static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";

    private static final Set<String> MANIFESTS = Set.of(MANIFEST, DOCKER_MANIFEST);
    private static final Set<String> INDEXES = Set.of(INDEX, DOCKER_INDEX);

    private MediaTypes() {}

    @RegisterForReflection
    record Typed(String mediaType) {}

    /** The type of a document of a registry. What the document says of itself goes before what the server says of it. */
    public static String of(RemoteManifest document) {
        String own = CanonicalJson.read(document.bytes(), Typed.class, "the manifest " + document.digest())
                .mediaType();
        return own == null ? document.mediaType() : own;
    }

    /** Whether a blob of that type holds files of an image. */
    public static boolean isLayer(String type) {
        return type != null && (type.startsWith(LAYER) || type.startsWith(DOCKER_LAYER));
    }

    /** Whether a layer of that type is kept elsewhere than in registries, as those of Windows are. */
    public static boolean isForeign(String type) {
        return type != null && (type.contains(".nondistributable.") || type.contains(".foreign."));
    }

    public static boolean isManifest(String type) {
        return type != null && MANIFESTS.contains(type);
    }

    public static boolean isIndex(String type) {
        return type != null && INDEXES.contains(type);
    }
}
