package dev.wherry.daemon.build.dockerfile;

import java.util.List;
import java.util.Optional;

/**
 * {@code ADD [--chown=…] [--chmod=…] [--link] source … destination}: as COPY from the build context, and local tar
 * archives are unpacked.
 *
 * @param sources at least one; {@link Wildcard} patterns once expanded
 */
public record Add(
        Position position,
        String source,
        List<Word> sources,
        Word destination,
        Optional<Word> chown,
        Optional<Word> chmod,
        boolean link)
        implements Instruction {

    private static final List<String> REMOTE_PREFIXES =
            List.of("http://", "https://", "git://", "ssh://", "git@", "github.com/");

    public Add {
        sources = List.copyOf(sources);
    }

    /**
     * Whether a source names something to be fetched rather than a file of the context. The parser refuses the sources
     * it can recognise; a source with variables must be asked again once it is expanded.
     */
    public static boolean isRemote(String source) {
        return REMOTE_PREFIXES.stream().anyMatch(prefix -> source.regionMatches(true, 0, prefix, 0, prefix.length()));
    }
}
