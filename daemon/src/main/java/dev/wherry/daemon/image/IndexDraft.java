package dev.wherry.daemon.image;

import java.util.List;
import java.util.Optional;

/**
 * An index of images that have been made and are in no store yet.
 *
 * @param images one a platform, in the order of the index
 */
public record IndexDraft(List<ImageDraft> images) {

    public IndexDraft {
        images = List.copyOf(images);
    }

    /** The index as the store keeps it. */
    public byte[] bytes() {
        return CanonicalJson.write(new ImageIndex(
                2,
                MediaTypes.INDEX,
                images.stream()
                        .map(image -> {
                            byte[] manifest = image.manifestBytes();
                            return ImageIndex.Entry.of(MediaTypes.MANIFEST, manifest, image.platform());
                        })
                        .toList()));
    }

    /** The image that runs best on this host, or else the first. */
    public ImageDraft representative() {
        Optional<ImageDraft> best = Platform.host().best(images, ImageDraft::platform);
        return best.orElseGet(images::getFirst);
    }
}
