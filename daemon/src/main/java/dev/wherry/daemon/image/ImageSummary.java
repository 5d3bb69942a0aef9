package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An image as a list shows it.
 *
 * @param references its names, sorted; empty for a dangling image
 * @param digest of the manifest or index it was pulled by
 * @param created when it was made; the epoch where its config does not say
 */
public record ImageSummary(Image image, List<Reference> references, Optional<Digest> digest, Instant created) {

    /** The same image with other references. */
    ImageSummary with(List<Reference> others) {
        return new ImageSummary(image, others, digest, created);
    }
}
