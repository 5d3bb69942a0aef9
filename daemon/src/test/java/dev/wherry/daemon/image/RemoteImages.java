package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.registry.LocalRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;

/** Images and indexes in a registry, their documents written by hand. */
public final class RemoteImages {

    public static final String INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

    private RemoteImages() {}

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String descriptor(String mediaType, byte[] bytes, String more) {
        return "{\"mediaType\":\"" + mediaType + "\",\"digest\":\"" + Digest.sha256(bytes) + "\",\"size\":"
                + bytes.length + more + "}";
    }

    public static byte[] index(String... entries) {
        return text("{ \"schemaVersion\":2, \"mediaType\":\"" + INDEX + "\",\"manifests\":["
                + Arrays.stream(entries).collect(Collectors.joining(","))
                + "], \"annotations\":{\"kept\":\"as it is\"}}");
    }

    /** Puts an image of one layer there, by its digest alone. */
    public static byte[] image(LocalRegistry source, String repository, String architecture, int size, String more)
            throws Exception {
        byte[] layer = new byte[size];
        new Random(size).nextBytes(layer);
        byte[] config =
                text("{\"architecture\":\"" + architecture + "\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\","
                        + "\"diff_ids\":[\"" + Digest.sha256(layer) + "\"]}}");
        source.pushBlob(repository, config);
        source.pushBlob(repository, layer);
        byte[] manifest = text("{\"schemaVersion\":2,   \"mediaType\":\"" + MANIFEST + "\"," + more
                + "\"config\":" + descriptor("application/vnd.oci.image.config.v1+json", config, "") + ","
                + "\"layers\":[" + descriptor(LAYER, layer, "") + "]}");
        source.pushManifest(repository, Digest.sha256(manifest).toString(), MANIFEST, manifest);
        return manifest;
    }

    public static String entry(byte[] manifest, String architecture) {
        return descriptor(
                MANIFEST, manifest, ",\"platform\":{\"os\":\"linux\",\"architecture\":\"" + architecture + "\"}");
    }
}
