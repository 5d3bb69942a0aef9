package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import java.util.List;
import java.util.Optional;

/**
 * How {@code COPY} and {@code ADD} choose and place files, besides by their paths.
 *
 * @param owner who files belong to, as it was asked for; else who they belong to in an image or, from a context, root
 * @param mode permissions asked for
 * @param excludes patterns of an ignore file, seen from each source
 * @param parents whether the directories that lead to a source are made at the destination too
 * @param link whether the files are a layer of their own, whatever is below them
 * @param unpack whether archives are unpacked
 */
public record CopyRules(
        Optional<String> owner,
        Optional<ModeChange> mode,
        List<String> excludes,
        boolean parents,
        boolean link,
        boolean unpack) {

    public static final CopyRules DEFAULT =
            new CopyRules(Optional.empty(), Optional.empty(), List.of(), false, false, false);

    public CopyRules {
        excludes = List.copyOf(excludes);
    }

    IgnorePatterns exclusion() {
        return IgnorePatterns.of(excludes);
    }

    CopyRules withOwner(Optional<String> other) {
        return new CopyRules(other, mode, excludes, parents, link, unpack);
    }

    CopyRules withMode(Optional<ModeChange> other) {
        return new CopyRules(owner, other, excludes, parents, link, unpack);
    }
}
