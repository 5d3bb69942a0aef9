package dev.wherry.daemon.image.list;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.Reference;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A manifest of a list.
 *
 * @param reference as it was named when it was added, canonical
 */
@RegisterForReflection
public record ListEntry(String reference, String mediaType, Digest digest, long size, ListedPlatform platform) {

    /** Where the manifest is, by its digest. */
    Reference source() {
        return Reference.parse(reference).withDigest(digest);
    }
}
