package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;

/** One thing that the removal of an image did. */
public sealed interface RemovedItem {

    /** A familiar reference was taken away. */
    record Untagged(String reference) implements RemovedItem {}

    /** An image is gone. */
    record Deleted(Digest image) implements RemovedItem {}
}
