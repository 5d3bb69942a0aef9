package dev.wherry.daemon.build.dockerfile;

import java.util.List;
import java.util.Optional;

/**
 * {@code ADD [--chown=…] [--chmod=…] [--exclude=…] [--link] [--unpack=…] source … destination}: as COPY from the build
 * context, and local tar archives are unpacked.
 *
 * @param sources {@link Wildcard} patterns once expanded
 * @param documents here-documents, each a file of its name; with {@code sources} at least one in all
 * @param excludes patterns of an ignore file, seen from each source
 * @param unpack whether archives are unpacked; empty for what is usual: local ones are, fetched ones are not
 */
public record Add(
        Position position,
        String source,
        List<Word> sources,
        List<HereDocument> documents,
        Word destination,
        Optional<Word> chown,
        Optional<Word> chmod,
        boolean link,
        List<Word> excludes,
        Optional<Boolean> unpack)
        implements Instruction {

    private static final List<String> REMOTE_PREFIXES =
            List.of("http://", "https://", "git://", "ssh://", "git@", "github.com/");

    public Add {
        sources = List.copyOf(sources);
        documents = List.copyOf(documents);
        excludes = List.copyOf(excludes);
    }

    /**
     * Whether a source names something to be fetched rather than a file of the context. The parser refuses the sources
     * it can recognise; a source with variables must be asked again once it is expanded.
     */
    public static boolean isRemote(String source) {
        return REMOTE_PREFIXES.stream().anyMatch(prefix -> source.regionMatches(true, 0, prefix, 0, prefix.length()));
    }
}
