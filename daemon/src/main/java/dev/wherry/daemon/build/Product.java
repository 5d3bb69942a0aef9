package dev.wherry.daemon.build;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.image.Draft;
import dev.wherry.daemon.image.Reference;
import java.util.List;
import java.util.Optional;

/**
 * What was made of the result of a build.
 *
 * @param image the image, where one was stored or written
 * @param manifest its manifest in the store, or else in the first archive
 * @param names what the image is called there
 */
public record Product(Optional<Draft> image, Optional<Descriptor> manifest, List<Reference> names) {

    static final Product NOTHING = new Product(Optional.empty(), Optional.empty(), List.of());
}
