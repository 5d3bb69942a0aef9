package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.ImageTable.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a user's text means.
 *
 * @param references those that were named; empty when the image was named by its ID
 */
record ImageLookup(Row image, List<Reference> references) {

    private static final Pattern ID = Pattern.compile("(?:sha256:)?([0-9a-f]{64})");
    private static final Pattern PREFIX = Pattern.compile("(?:sha256:)?([0-9a-f]{4,63})");

    /**
     * The tree that the text means: that of the references, or, for an image's ID, that of a reference that stands for the
     * image.
     */
    Optional<Digest> tree(ManifestTreeTable trees) throws SQLException {
        return references.isEmpty() ? trees.ofImage(image.id()) : trees.of(references.getFirst());
    }

    /** @see ImageStore#resolve */
    static ImageLookup of(ImageTable table, String nameOrId) throws SQLException {
        var id = ID.matcher(nameOrId);
        if (id.matches()) {
            return table.byId(new Digest("sha256", id.group(1)))
                    .map(row -> new ImageLookup(row, List.of()))
                    .orElseThrow(() -> new NotFoundException("image", nameOrId));
        }
        Optional<ImageLookup> named = byReference(table, Reference.parse(nameOrId));
        if (named.isPresent()) {
            return named.get();
        }
        var prefix = PREFIX.matcher(nameOrId);
        List<Row> candidates = prefix.matches() ? table.byPrefix(prefix.group(1)) : List.of();
        if (candidates.size() > 1) {
            throw new InvalidInputException(
                    "several images have an ID that begins with \"" + nameOrId + "\": give more of it");
        }
        return candidates.stream()
                .findFirst()
                .map(row -> new ImageLookup(row, List.of()))
                .orElseThrow(() -> new NotFoundException("image", nameOrId));
    }

    /** A reference with a digest names whatever of its repository was pulled by that digest, under any tag. */
    static Optional<ImageLookup> byReference(ImageTable table, Reference reference) throws SQLException {
        if (reference.digest().isEmpty()) {
            return table.byName(reference).map(found -> new ImageLookup(found, List.of(reference)));
        }
        List<Reference> pulled =
                table.pulledBy(reference.name(), reference.digest().get());
        if (pulled.isEmpty()) {
            return Optional.empty();
        }
        Row found = table.byName(pulled.getFirst()).orElseThrow();
        List<Reference> own = table.names(found.id()).stream()
                .map(ImageName::reference)
                .filter(pulled::contains)
                .toList();
        return Optional.of(new ImageLookup(found, own));
    }
}
