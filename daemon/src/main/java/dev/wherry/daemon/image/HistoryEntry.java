package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import java.time.Instant;
import java.util.Optional;

/**
 * One instruction that made an image.
 *
 * @param imageId on the newest entry only
 * @param size bytes of the files in its layer; 0 where it has none
 */
public record HistoryEntry(
        Optional<Digest> imageId, Instant created, String createdBy, long size, String comment, boolean emptyLayer) {}
