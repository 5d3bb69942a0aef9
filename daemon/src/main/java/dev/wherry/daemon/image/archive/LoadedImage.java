package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.Reference;
import java.util.Optional;

/**
 * An image that an archive brought.
 *
 * @param reference empty for an image without a name
 * @param archiveName what the archive calls an image without a name, such as a tag without a repository; may be empty
 */
public record LoadedImage(Optional<Reference> reference, Digest image, String archiveName) {

    static LoadedImage named(Reference reference, Digest image) {
        return new LoadedImage(Optional.of(reference), image, "");
    }
}
