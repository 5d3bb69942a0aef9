package dev.wherry.daemon.image.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.ManifestTree.Member;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Indexes that cannot be pushed as they are stored. What they say of other things stays. */
final class PushedIndex {

    private PushedIndex() {}

    /** The index with some of its manifests alone. */
    static byte[] only(byte[] index, List<Member> members) {
        Set<String> digests = members.stream()
                .map(member -> member.entry().digest().toString())
                .collect(Collectors.toSet());
        ObjectNode document = parse(index);
        ArrayNode kept = document.arrayNode();
        for (JsonNode entry : document.withArray("manifests")) {
            if (digests.contains(entry.path("digest").asText())) {
                kept.add(entry);
            }
        }
        document.set("manifests", kept);
        return CanonicalJson.write(document);
    }

    /** The index with other manifests in the place of those that described layers made here. */
    static byte[] with(byte[] index, Map<Digest, PushedManifest> changed) {
        ObjectNode document = parse(index);
        for (JsonNode node : document.withArray("manifests")) {
            ObjectNode entry = (ObjectNode) node;
            PushedManifest manifest =
                    changed.get(Digest.parse(entry.path("digest").asText()));
            if (manifest != null) {
                entry.put("digest", manifest.digest().toString());
                entry.put("size", manifest.bytes().length);
            }
            String subject = entry.path("annotations")
                    .path(ImageIndex.Entry.SUBJECT_DIGEST)
                    .asText();
            if (!subject.isEmpty() && changed.containsKey(Digest.parse(subject))) {
                ((ObjectNode) entry.get("annotations"))
                        .put(
                                ImageIndex.Entry.SUBJECT_DIGEST,
                                changed.get(Digest.parse(subject)).digest().toString());
            }
        }
        return CanonicalJson.write(document);
    }

    private static ObjectNode parse(byte[] index) {
        return CanonicalJson.read(index, ObjectNode.class, "an index");
    }
}
