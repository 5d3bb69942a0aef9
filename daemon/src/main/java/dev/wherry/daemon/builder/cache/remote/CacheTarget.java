package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.builder.cache.actions.ActionsAccess;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.archive.ArchiveOptions;
import dev.wherry.daemon.image.compression.Compression;
import java.util.Optional;
import java.util.Set;

/**
 * Where the steps of a build are to be written to.
 *
 * @param max the steps of all stages, not only those of the result
 * @param layers how the layers are compressed, and whether media types are OCI's
 * @param imageManifest an image manifest rather than an index
 * @param ignoreError a cache that cannot be written is no failure of the build
 */
public record CacheTarget(Place place, boolean max, ArchiveOptions layers, boolean imageManifest, boolean ignoreError) {

    /**
     * A target as a client asks for it.
     *
     * @param imageManifest empty for what goes with the media types
     * @throws InvalidInputException when the options do not go together
     */
    public static CacheTarget of(
            Place place, boolean max, ArchiveOptions layers, Optional<Boolean> imageManifest, boolean ignoreError) {
        boolean image = imageManifest.orElse(layers.ociTypes());
        if (image && !layers.ociTypes()) {
            throw new InvalidInputException("--cache-to: image-manifest=true needs oci-mediatypes=true");
        }
        if (layers.compression() == Compression.ZSTD && !layers.ociTypes()) {
            throw new InvalidInputException("--cache-to: compression=zstd needs oci-mediatypes=true");
        }
        if (place instanceof Place.Registry(Reference reference)
                && reference.digest().isPresent()) {
            throw new InvalidInputException("cannot write a cache to \"" + reference + "\": give a tag, not a digest");
        }
        return new CacheTarget(place, max, layers, image, ignoreError);
    }

    /** What kind of place it is. */
    public sealed interface Place {

        /** The config of the image. */
        record Inline() implements Place {}

        /** A reference in a registry. */
        record Registry(Reference reference) implements Place {}

        /** GitHub's cache service. */
        record Actions(ActionsAccess access) implements Place {}

        /**
         * A directory of the client in the OCI image layout.
         *
         * @param tag what the cache is called in it
         * @param index its present index; empty when there is none
         * @param blobs that are in it already
         */
        record Folder(String tag, byte[] index, Set<Digest> blobs) implements Place {}
    }
}
