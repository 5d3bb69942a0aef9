package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An image as a list shows it.
 *
 * @param names sorted; empty for a dangling image
 * @param created when it was made; the epoch where its config does not say
 */
public record ImageSummary(Image image, List<ImageName> names, Instant created) {

    public ImageSummary {
        names = List.copyOf(names);
    }

    public List<Reference> references() {
        return names.stream().map(ImageName::reference).toList();
    }

    /** Of the manifest or index it was pulled by. */
    public Optional<Digest> digest() {
        return names.stream().flatMap(name -> name.digest().stream()).findFirst();
    }

    /** The same image with some of its references. */
    ImageSummary with(List<Reference> others) {
        return new ImageSummary(
                image,
                names.stream().filter(name -> others.contains(name.reference())).toList(),
                created);
    }
}
