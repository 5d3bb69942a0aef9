package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.ImageLayout;
import dev.wherry.daemon.image.Reference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The names of images in the index of an image layout. */
final class ArchiveNames {

    /** A whole reference, as docker and containerd write it. */
    private static final String IMAGE_NAME = "io.containerd.image.name";

    private static final String CREATED = "org.opencontainers.image.created";

    private ArchiveNames() {}

    /** @param created as the config says it; may be null */
    static Map<String, String> annotations(String created, Optional<Reference> name) {
        Map<String, String> annotations = new LinkedHashMap<>();
        if (created != null) {
            annotations.put(CREATED, created);
        }
        name.ifPresent(reference -> {
            annotations.put(IMAGE_NAME, reference.toString());
            annotations.put(ImageLayout.REF_NAME, reference.selector());
        });
        return annotations;
    }

    /**
     * The reference that an entry gives its image, if it gives one. A tag alone is none: nothing says of which repository,
     * and any guess could take the name of another image.
     */
    static Optional<Reference> of(ImageIndex.Entry entry) {
        Map<String, String> annotations =
                Optional.ofNullable(entry.annotations()).orElse(Map.of());
        String name = annotations.get(IMAGE_NAME);
        if (name == null) {
            String text = ImageLayout.refName(entry);
            name = text.contains("/") || text.contains(":") ? text : "";
        }
        return tag(name);
    }

    /** A reference with a tag and no digest; anything else names nothing. */
    static Optional<Reference> tag(String text) {
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Reference.parse(text))
                            .filter(reference -> reference.digest().isEmpty());
        } catch (InvalidInputException noReference) {
            return Optional.empty();
        }
    }
}
