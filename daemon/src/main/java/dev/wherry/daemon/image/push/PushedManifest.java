package dev.wherry.daemon.image.push;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.Manifest;
import java.util.List;

/**
 * A manifest as it is pushed.
 *
 * @param bytes those of the store where all its layers go as they came, so that a push after a pull changes nothing
 */
record PushedManifest(String mediaType, byte[] bytes) {

    /** The manifest with the layers described as they are sent; all else that it says stays. */
    static PushedManifest of(byte[] stored, Manifest manifest, List<Descriptor> layers) {
        String type = manifest.type();
        boolean same = true;
        for (int i = 0; i < layers.size(); i++) {
            same &= manifest.layers().get(i).digest().equals(layers.get(i).digest());
        }
        if (same) {
            return new PushedManifest(type, stored);
        }
        ObjectNode document = CanonicalJson.read(stored, ObjectNode.class, "a manifest");
        ArrayNode described = (ArrayNode) document.get("layers");
        for (int i = 0; i < layers.size(); i++) {
            Descriptor layer = layers.get(i);
            ObjectNode entry = (ObjectNode) described.get(i);
            if (!layer.digest().equals(manifest.layers().get(i).digest())) {
                entry.put("mediaType", layer.mediaType());
                entry.put("digest", layer.digest().toString());
                entry.put("size", layer.size());
            }
        }
        return new PushedManifest(type, CanonicalJson.write(document));
    }

    Digest digest() {
        return Digest.sha256(bytes);
    }
}
