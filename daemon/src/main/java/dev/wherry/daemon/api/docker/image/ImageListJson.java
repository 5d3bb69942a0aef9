package dev.wherry.daemon.api.docker.image;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.image.ImageSpace;
import dev.wherry.daemon.image.ImageSummary;
import dev.wherry.daemon.image.Reference;
import java.util.Map;
import java.util.Optional;

/** An image as docker lists it. */
public final class ImageListJson {

    private static final int NOT_MEASURED = -1;

    private ImageListJson() {}

    /** @param share what it takes of the disk, where that was measured */
    public static ObjectNode row(ImageSummary image, Optional<ImageSpace.Share> share) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.put("Id", image.image().id().toString());
        row.put("ParentId", "");
        ArrayNode tags = row.putArray("RepoTags");
        image.references().stream()
                .filter(reference -> reference.digest().isEmpty())
                .map(Reference::familiar)
                .forEach(tags::add);
        ArrayNode digests = row.putArray("RepoDigests");
        image.digest()
                .ifPresent(digest -> image.references().stream()
                        .map(reference -> reference.withDigest(digest).familiar())
                        .distinct()
                        .forEach(digests::add));
        row.put("Created", image.created().getEpochSecond());
        row.put("Size", image.image().size());
        row.put("SharedSize", share.map(ImageSpace.Share::shared).orElse((long) NOT_MEASURED));
        row.put("Containers", share.map(ImageSpace.Share::containers).orElse(NOT_MEASURED));
        Map<String, String> labels = image.image().config().config().labels();
        if (labels == null) {
            row.putNull("Labels");
        } else {
            ObjectNode told = row.putObject("Labels");
            labels.forEach(told::put);
        }
        return row;
    }
}
