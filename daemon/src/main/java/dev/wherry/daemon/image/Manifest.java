package dev.wherry.daemon.image;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.UnsupportedException;
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

    /** As many layers as docker accepts; the kernel's overlayfs would take some more. */
    public static final int MAX_LAYERS = 127;

    /** @param annotations none where empty */
    public Manifest(String mediaType, Descriptor config, List<Descriptor> layers, Map<String, String> annotations) {
        this(2, mediaType, config, layers, annotations.isEmpty() ? null : annotations);
    }

    /**
     * Reads the manifest of an image.
     *
     * @param what names it in messages
     * @throws CorruptContentException when it is malformed, or names no config or no layers
     */
    public static Manifest ofImage(byte[] bytes, String what) {
        Manifest manifest = CanonicalJson.read(bytes, Manifest.class, what);
        if (manifest.config == null || manifest.layers == null || manifest.layers.contains(null)) {
            throw new CorruptContentException(what + " is malformed");
        }
        return manifest;
    }

    /** The media type, which a manifest of OCI need not say. */
    public String type() {
        return mediaType == null ? MediaTypes.MANIFEST : mediaType;
    }

    /** @throws UnsupportedException when the image has too many layers */
    public void requireFewLayers(String image) {
        if (layers.size() > MAX_LAYERS) {
            throw new UnsupportedException(
                    image + " has " + layers.size() + " layers: at most " + MAX_LAYERS + " are supported");
        }
    }
}
