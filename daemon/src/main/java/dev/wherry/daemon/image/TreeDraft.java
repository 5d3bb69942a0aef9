package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import java.util.List;
import java.util.Optional;

/**
 * A {@link ManifestTree} on its way into the store. Everything that it names is in the content store already, held by the
 * caller's lease.
 *
 * @param root the index, or the manifest of the only image
 * @param parts the manifests that are here; a tree that is stored already keeps its other parts
 */
public record TreeDraft(Descriptor root, List<Part> parts) {

    public TreeDraft {
        parts = List.copyOf(parts);
        if (parts.stream().allMatch(part -> part.image().isEmpty())) {
            throw new IllegalArgumentException("no part of the tree " + root.digest() + " is an image");
        }
    }

    /**
     * One manifest.
     *
     * @param manifest its digest
     * @param image empty when the manifest is not that of an image
     * @param blobs what the part keeps in the content store, the manifest among them
     */
    public record Part(Digest manifest, Optional<Image> image, List<Digest> blobs) {

        public Part {
            blobs = List.copyOf(blobs);
        }
    }
}
