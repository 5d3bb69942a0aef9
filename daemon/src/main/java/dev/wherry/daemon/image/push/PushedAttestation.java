package dev.wherry.daemon.image.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.MediaTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * An attestation as it is pushed with an image whose manifest describes other layers there than it does here: the same
 * statements, of which the pushed manifest is the subject. Who verifies them compares digests.
 *
 * @param blobs what the manifest names and the store does not have
 */
record PushedAttestation(PushedManifest manifest, List<byte[]> blobs) {

    /**
     * The attestation about another manifest.
     *
     * @param stored the bytes of its own manifest, which is {@code manifest}
     * @param read reads a blob of the store
     * @param before the digest of the manifest that it is about
     * @param now what to put in its place
     */
    static PushedAttestation of(
            PushedManifest stored, Manifest manifest, Function<Digest, byte[]> read, Digest before, Digest now) {
        ObjectNode document = CanonicalJson.read(stored.bytes(), ObjectNode.class, "a manifest");
        List<byte[]> blobs = new ArrayList<>();
        Map<String, String> renamed = new HashMap<>();
        for (int i = 0; i < manifest.layers().size(); i++) {
            Descriptor layer = manifest.layers().get(i);
            if (layer.mediaType().equals(MediaTypes.IN_TOTO)) {
                byte[] statement = about(read.apply(layer.digest()), before, now);
                describe((ObjectNode) document.get("layers").get(i), statement);
                renamed.put(layer.digest().toString(), Digest.sha256(statement).toString());
                blobs.add(statement);
            }
        }
        byte[] config = renamed(read.apply(manifest.config().digest()), renamed);
        describe((ObjectNode) document.get("config"), config);
        blobs.add(config);
        return new PushedAttestation(new PushedManifest(stored.mediaType(), CanonicalJson.write(document)), blobs);
    }

    private static void describe(ObjectNode descriptor, byte[] blob) {
        descriptor.put("digest", Digest.sha256(blob).toString());
        descriptor.put("size", blob.length);
    }

    private static byte[] about(byte[] statement, Digest before, Digest now) {
        ObjectNode document = CanonicalJson.read(statement, ObjectNode.class, "an attestation");
        for (JsonNode subject : document.path("subject")) {
            if (subject.path("digest").path(before.algorithm()).asText().equals(before.hex())) {
                ((ObjectNode) subject.get("digest")).removeAll().put(now.algorithm(), now.hex());
            }
        }
        return CanonicalJson.write(document);
    }

    /** A config names the statements as an image's names its layers. */
    private static byte[] renamed(byte[] config, Map<String, String> statements) {
        ObjectNode document = CanonicalJson.read(config, ObjectNode.class, "the config of an attestation");
        if (document.path("rootfs").path("diff_ids") instanceof ArrayNode named) {
            for (int i = 0; i < named.size(); i++) {
                String statement = named.get(i).asText();
                named.set(i, statements.getOrDefault(statement, statement));
            }
        }
        return CanonicalJson.write(document);
    }
}
