package dev.wherry.daemon.build.dockerfile;

import java.util.List;
import java.util.Optional;

/**
 * {@code COPY [--from=…] [--chown=…] [--chmod=…] [--link] source … destination}, also as a JSON array.
 *
 * @param sources at least one; {@link Wildcard} patterns once expanded
 * @param from a stage's name or number, or an image reference; never substituted
 */
public record Copy(
        Position position,
        String source,
        List<Word> sources,
        Word destination,
        Optional<String> from,
        Optional<Word> chown,
        Optional<Word> chmod,
        boolean link)
        implements Instruction {

    public Copy {
        sources = List.copyOf(sources);
    }
}
