package dev.wherry.daemon.image;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.filter.TimeRange;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Chooses images by filters, as docker's {@code images} has them. */
@Singleton
public final class ImageFilters {

    private static final String REFERENCE = "reference";
    private static final String DANGLING = "dangling";
    private static final String BEFORE = "before";
    private static final String SINCE = "since";
    private static final Set<String> KEYS =
            Set.of(BEFORE, DANGLING, Filters.LABEL, Filters.WITHOUT_LABEL, REFERENCE, SINCE, Filters.UNTIL);

    private static final Set<String> OF_PRUNE = Set.of(DANGLING, Filters.LABEL, Filters.WITHOUT_LABEL, Filters.UNTIL);

    private final ImageStore images;

    ImageFilters(ImageStore images) {
        this.images = images;
    }

    /**
     * The images that match, newest first. A filter by reference leaves the references that match, of which an image
     * must have one.
     *
     * @throws InvalidInputException when a filter is not known, or has an impossible value
     * @throws NotFoundException when an image that a filter compares with does not exist
     */
    public List<ImageSummary> list(Filters filters) {
        filters.requireKeys(KEYS);
        filters.flag(DANGLING);
        TimeRange until = TimeRange.until(filters.until(Instant.now()));
        Optional<Instant> before = created(filters, BEFORE);
        TimeRange created = new TimeRange(created(filters, SINCE), before);
        List<ReferencePattern> patterns =
                filters.values(REFERENCE).stream().map(ReferencePattern::new).toList();
        return images.list().stream()
                .filter(image -> until.contains(image.created()) && created.contains(image.created()))
                .filter(image -> filters.matches(DANGLING, image.references().isEmpty()))
                .filter(image -> filters.matchesLabels(labels(image)))
                .map(image -> patterns.isEmpty() ? image : image.with(matching(patterns, image.references())))
                .filter(image -> patterns.isEmpty() || !image.references().isEmpty())
                .toList();
    }

    /**
     * The images that a prune takes unless a container uses them: those without a name, or, with {@code dangling=false},
     * those with names too.
     *
     * @throws InvalidInputException when a filter is not known, or has an impossible value
     */
    public List<ImageSummary> toPrune(Filters filters) {
        TimeRange created = TimeRange.until(filters.requireKeys(OF_PRUNE).until(Instant.now()));
        boolean danglingOnly = filters.flag(DANGLING).orElse(true);
        return images.list().stream()
                .filter(image -> !danglingOnly || image.references().isEmpty())
                .filter(image -> created.contains(image.created()) && filters.matchesLabels(labels(image)))
                .toList();
    }

    private static List<Reference> matching(List<ReferencePattern> patterns, List<Reference> references) {
        return references.stream()
                .filter(reference -> patterns.stream().anyMatch(pattern -> pattern.matches(reference)))
                .toList();
    }

    private static Map<String, String> labels(ImageSummary image) {
        return Optional.ofNullable(image.image().config().config().labels()).orElse(Map.of());
    }

    /** When the image that a filter names was created; of several, the last one counts. */
    private Optional<Instant> created(Filters filters, String key) {
        return filters.values(key).stream()
                .reduce((first, last) -> last)
                .map(name -> Timestamps.parse(images.resolve(name).config().created()));
    }
}
