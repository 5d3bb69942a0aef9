package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import java.nio.file.Path;

/** Decides which files of a directory are taken. */
@FunctionalInterface
interface SourceFilter {

    /** What is done with a file; a later one is stronger. */
    enum Verdict {
        TAKEN,
        /** A directory that is taken only with what is taken in it. */
        WITH_CONTENTS,
        LEFT;

        Verdict and(Verdict other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    /**
     * @param fromRoot the file as seen from the root of the tree
     * @param fromTop the file as seen from the source it is in
     */
    Verdict of(Path fromRoot, Path fromTop);

    /** Takes all but what the patterns match, seen from the root. */
    static SourceFilter ignoring(IgnorePatterns patterns) {
        return patterns.isEmpty() ? (_, _) -> Verdict.TAKEN : (fromRoot, _) -> leaving(patterns, fromRoot);
    }

    /** Takes all but what the patterns match, seen from the source. */
    default SourceFilter excluding(IgnorePatterns patterns) {
        return patterns.isEmpty() ? this : (root, top) -> of(root, top).and(leaving(patterns, top));
    }

    /** Takes of that only what the patterns match, seen from the source. */
    default SourceFilter only(IgnorePatterns patterns) {
        return (root, top) -> of(root, top).and(taking(patterns, top));
    }

    private static Verdict leaving(IgnorePatterns patterns, Path path) {
        String name = path.toString();
        if (!patterns.ignores(name)) {
            return Verdict.TAKEN;
        }
        return patterns.mayContainIncluded(name) ? Verdict.WITH_CONTENTS : Verdict.LEFT;
    }

    private static Verdict taking(IgnorePatterns patterns, Path path) {
        String name = path.toString();
        if (patterns.ignores(name)) {
            return Verdict.TAKEN;
        }
        return patterns.canMatchBelow(name) ? Verdict.WITH_CONTENTS : Verdict.LEFT;
    }
}
