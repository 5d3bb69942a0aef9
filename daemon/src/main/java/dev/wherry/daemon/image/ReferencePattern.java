package dev.wherry.daemon.image;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.filter.TextPattern;
import java.util.Optional;

/**
 * A pattern of references, such as {@code node}, {@code node:2*} or {@code registry.example.com/team/*}. It is compared
 * with familiar names, with and without tag; a name without a tag stands for all its tags. A reference that is written
 * out, as {@code docker.io/library/node}, stands for itself.
 */
final class ReferencePattern {

    private final String text;
    private final TextPattern pattern;
    private final Optional<Reference> exact;

    ReferencePattern(String text) {
        this.text = text;
        this.pattern = TextPattern.path("reference", text);
        this.exact = exact(text);
    }

    private static Optional<Reference> exact(String text) {
        try {
            return Optional.of(Reference.parse(text));
        } catch (InvalidInputException patternAlone) {
            return Optional.empty();
        }
    }

    boolean matches(Reference reference) {
        return pattern.isFoundIn(reference.familiar())
                || pattern.isFoundIn(reference.familiarName())
                || exact.filter(named -> named.equals(reference)
                                || named.name().equals(text) && reference.name().equals(text))
                        .isPresent();
    }
}
