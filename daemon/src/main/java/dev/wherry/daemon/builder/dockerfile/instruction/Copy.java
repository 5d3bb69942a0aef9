package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.pattern.Wildcard;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.word.HereDocument;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.List;
import java.util.Optional;

/**
 * {@code COPY [--from=…] [--chown=…] [--chmod=…] [--exclude=…] [--link] [--parents] source … destination}, also as a
 * JSON array.
 *
 * @param sources {@link Wildcard} patterns once expanded
 * @param documents here-documents, each a file of its name; with {@code sources} at least one in all
 * @param excludes patterns of an ignore file, seen from each source
 * @param parents whether the directories that lead to a source are made at the destination too
 * @param from a stage's name or number, or an image reference; never substituted
 */
public record Copy(
        Position position,
        String source,
        List<Word> sources,
        List<HereDocument> documents,
        Word destination,
        Optional<String> from,
        Optional<Word> chown,
        Optional<Word> chmod,
        boolean link,
        List<Word> excludes,
        boolean parents)
        implements Instruction {

    public Copy {
        sources = List.copyOf(sources);
        documents = List.copyOf(documents);
        excludes = List.copyOf(excludes);
    }
}
