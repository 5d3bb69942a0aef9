package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An index of images that have been made and are in no store yet.
 *
 * @param images one a platform, in the order of the index
 * @param attestations of each image, in the same order; empty for none
 */
public record IndexDraft(List<ImageDraft> images, List<AttestationDraft> attestations) {

    public IndexDraft {
        images = List.copyOf(images);
        attestations = List.copyOf(attestations);
    }

    /** Whether there is one image and nothing that needs an index. */
    public boolean isAlone() {
        return images.size() == 1 && attestations.isEmpty();
    }

    /** The index and the documents of the attestations that it lists. */
    public record Documents(byte[] index, List<AttestationDraft.Documents> attestations) {}

    /** The index as the store keeps it. */
    public Documents documents(List<Reference> names) {
        return documents(images.stream().map(ImageDraft::manifestBytes).toList(), true, names);
    }

    /**
     * An index of these images.
     *
     * @param manifests of the images, in their order
     * @param oci whether OCI's types are wanted, or those that docker had before
     */
    public Documents documents(List<byte[]> manifests, boolean oci, List<Reference> names) {
        List<ImageIndex.Entry> entries = new ArrayList<>();
        List<AttestationDraft.Documents> attesting = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            Platform platform = images.get(i).platform();
            String type = oci ? MediaTypes.MANIFEST : MediaTypes.DOCKER_MANIFEST;
            entries.add(ImageIndex.Entry.of(type, manifests.get(i), platform));
            if (!attestations.isEmpty()) {
                attesting.add(attestations.get(i).about(Digest.sha256(manifests.get(i)), platform, names));
            }
        }
        attesting.forEach(documents -> entries.add(documents.entry()));
        String type = oci ? MediaTypes.INDEX : MediaTypes.DOCKER_INDEX;
        return new Documents(CanonicalJson.write(new ImageIndex(2, type, entries)), attesting);
    }

    /** The image that runs best on this host, or else the first. */
    public ImageDraft representative() {
        Optional<ImageDraft> best = Platform.host().best(images, ImageDraft::platform);
        return best.orElseGet(images::getFirst);
    }
}
