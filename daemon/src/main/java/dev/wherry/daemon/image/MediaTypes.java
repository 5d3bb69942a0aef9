package dev.wherry.daemon.image;

import java.util.Set;

/** The media types of OCI image-spec and of docker's older equivalents. */
final class MediaTypes {

    static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    static final String LAYER = "application/vnd.oci.image.layer.v1.tar";

    private static final String DOCKER = "application/vnd.docker.distribution.manifest.";
    private static final Set<String> MANIFESTS = Set.of(MANIFEST, DOCKER + "v2+json");
    private static final Set<String> INDEXES =
            Set.of("application/vnd.oci.image.index.v1+json", DOCKER + "list.v2+json");

    private MediaTypes() {}

    static boolean isManifest(String type) {
        return MANIFESTS.contains(type);
    }

    static boolean isIndex(String type) {
        return INDEXES.contains(type);
    }
}
