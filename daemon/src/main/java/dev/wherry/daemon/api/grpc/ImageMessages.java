package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.ImageSummary;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.RemovedItem;
import dev.wherry.v1.RemovedImage;
import java.util.Map;

/** Images as messages of the API. */
final class ImageMessages {

    private ImageMessages() {}

    /** An image as a row of a list. */
    static dev.wherry.v1.ImageSummary summary(ImageSummary summary) {
        Map<String, String> labels = summary.image().config().config().labels();
        return dev.wherry.v1.ImageSummary.newBuilder()
                .setId(summary.image().id().toString())
                .addAllReferences(
                        summary.references().stream().map(Reference::toString).toList())
                .setDigest(summary.digest().map(Digest::toString).orElse(""))
                .setCreatedNanos(Times.nanos(summary.created()))
                .setSizeBytes(summary.image().size())
                .putAllLabels(labels == null ? Map.of() : labels)
                .build();
    }

    static RemovedImage removed(RemovedItem item) {
        return switch (item) {
            case RemovedItem.Untagged untagged ->
                RemovedImage.newBuilder().setUntagged(untagged.reference()).build();
            case RemovedItem.Deleted deleted ->
                RemovedImage.newBuilder().setDeleted(deleted.image().toString()).build();
        };
    }
}
