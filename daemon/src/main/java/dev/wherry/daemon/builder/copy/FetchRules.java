package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.dockerfile.instruction.Add;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import dev.wherry.daemon.builder.source.GitUrl;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import java.util.Locale;
import java.util.Optional;

/**
 * What ADD demands of the sources that it fetches.
 *
 * @param file digest of the file, where one is demanded
 * @param commit commit of the git repository, or its first digits, where one is demanded
 * @param keepGitDir whether the {@code .git} of a repository is wanted
 */
public record FetchRules(Optional<Digest> file, Optional<String> commit, boolean keepGitDir) {

    /** Whether a source is fetched, and is no path. */
    static boolean isFetched(String source) {
        return GitUrl.isOne(source) || isWeb(source);
    }

    private static boolean isWeb(String source) {
        String lower = source.toLowerCase(Locale.ROOT);
        return lower.startsWith("http://") || lower.startsWith("https://");
    }

    /**
     * The rules of an instruction; empty when it fetches nothing.
     *
     * @throws DockerfileException when it demands what its sources cannot fulfil
     */
    public static Optional<FetchRules> of(Add add, Scope scope) {
        boolean fetches = false;
        boolean git = false;
        for (Word source : add.sources()) {
            String name = source.expand(scope);
            fetches |= isFetched(name);
            git |= GitUrl.isOne(name);
        }
        Optional<String> checksum =
                add.checksum().map(word -> word.expand(scope)).filter(text -> !text.isEmpty());
        if (checksum.isPresent()
                && (!fetches || add.sources().size() + add.documents().size() > 1)) {
            throw wrong(add, checksum.get(), "--checksum is for one source alone, which is a URL or git repository");
        }
        if (!fetches) {
            return Optional.empty();
        }
        return Optional.of(new FetchRules(
                git ? Optional.empty() : checksum.map(text -> digest(add, text)),
                git ? checksum : Optional.empty(),
                add.keepGitDir()));
    }

    private static Digest digest(Add add, String text) {
        if (!text.startsWith("sha256:")) {
            throw wrong(add, text, "--checksum of a URL is sha256:…, not \"" + text + "\"");
        }
        try {
            return Digest.parse(text);
        } catch (InvalidInputException malformed) {
            throw wrong(add, text, "--checksum of a URL is sha256: and 64 hexadecimal digits, not \"" + text + "\"");
        }
    }

    private static DockerfileException wrong(Add add, String at, String message) {
        return new DockerfileException(add.position(), at, message);
    }
}
