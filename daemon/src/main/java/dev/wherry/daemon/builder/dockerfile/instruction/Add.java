package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.pattern.Wildcard;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.word.HereDocument;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.List;
import java.util.Optional;

/**
 * {@code ADD [--chown=…] [--chmod=…] [--exclude=…] [--link] [--unpack=…] [--checksum=…] [--keep-git-dir] source …
 * destination}: as COPY from the build context, and local tar archives are unpacked; a source may also be the address of
 * a file or a git repository.
 *
 * @param sources {@link Wildcard} patterns once expanded
 * @param documents here-documents, each a file of its name; with {@code sources} at least one in all
 * @param excludes patterns of an ignore file, seen from each source
 * @param unpack whether archives are unpacked; empty for what is usual: local ones are, fetched ones are not
 * @param checksum digest of the file, or commit of the git repository, that must be found at the address
 * @param keepGitDir whether the {@code .git} of a git repository is wanted
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
        Optional<Boolean> unpack,
        Optional<Word> checksum,
        boolean keepGitDir)
        implements Instruction {

    private static final List<String> REMOTE_PREFIXES =
            List.of("http://", "https://", "git://", "ssh://", "git@", "github.com/");

    public Add {
        sources = List.copyOf(sources);
        documents = List.copyOf(documents);
        excludes = List.copyOf(excludes);
    }

    /** Whether a source looks like the address of something to be fetched rather than a file of the context. */
    public static boolean isRemote(String source) {
        return REMOTE_PREFIXES.stream().anyMatch(prefix -> source.regionMatches(true, 0, prefix, 0, prefix.length()));
    }
}
