package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.image.ImageDraft;
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
public record ExportedImage(Optional<ImageDraft> image, Optional<Descriptor> manifest, List<Reference> names) {

    public static final ExportedImage NOTHING = new ExportedImage(Optional.empty(), Optional.empty(), List.of());
}
