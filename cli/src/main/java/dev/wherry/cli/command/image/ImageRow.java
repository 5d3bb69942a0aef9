package dev.wherry.cli.command.image;

import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.ImageSummary;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An image as a row of {@code images}.
 *
 * @param whole whether IDs are not shortened
 */
public record ImageRow(boolean whole, Instant now) {
    static final List<String> COLUMNS = List.of("Repository", "Tag", "ID", "CreatedSince", "Size");
    public static final Map<String, String> HEADERS = Map.of(
            "Repository", "REPOSITORY",
            "Tag", "TAG",
            "Digest", "DIGEST",
            "ID", "IMAGE ID",
            "CreatedSince", "CREATED",
            "CreatedAt", "CREATED AT",
            "Size", "SIZE");

    /** A row for each reference, or one for an image without any. */
    List<Map<String, Object>> each(ImageSummary image) {
        if (image.getReferencesCount() == 0) {
            return List.of(of(image));
        }
        return image.getReferencesList().stream()
                .map(name -> of(image, ImageName.of(name)))
                .toList();
    }

    /** One row, with the first of the references. */
    public Map<String, Object> of(ImageSummary image) {
        return of(
                image,
                image.getReferencesCount() == 0
                        ? new ImageName(ImageName.NONE, ImageName.NONE)
                        : ImageName.of(image.getReferences(0)));
    }

    private Map<String, Object> of(ImageSummary image, ImageName name) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("Repository", name.repository());
        row.put("Tag", name.tag());
        row.put("Digest", image.getDigest().isEmpty() ? ImageName.NONE : image.getDigest());
        row.put("ID", whole ? image.getId() : TerminalText.shortId(image.getId()));
        row.put("CreatedSince", image.getCreatedNanos() == 0 ? "N/A" : Units.ago(image.getCreatedNanos(), now));
        row.put("CreatedAt", Units.timestamp(image.getCreatedNanos()));
        row.put("Size", Units.size(image.getSizeBytes()));
        return row;
    }
}
