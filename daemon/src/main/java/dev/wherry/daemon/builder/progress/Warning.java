package dev.wherry.daemon.builder.progress;

import dev.wherry.daemon.builder.dockerfile.check.Finding;
import java.util.List;
import java.util.Optional;

/**
 * Something odd in a Dockerfile or in what the client asks for, which does no harm.
 *
 * @param line 0 when it is about no line
 * @param finding what a build check found, when it is that
 * @param firstLine number of the first line of the excerpt
 * @param excerpt the lines meant and some around them; empty when there is no finding
 */
public record Warning(
        String file, int line, String message, Optional<Finding> finding, int firstLine, List<String> excerpt) {

    /** Lines shown before and after a short instruction. */
    private static final int AROUND = 2;

    public Warning {
        excerpt = List.copyOf(excerpt);
    }

    public static Warning of(String file, int line, String message) {
        return new Warning(file, line, message, Optional.empty(), 0, List.of());
    }

    /** @param lines of the whole file */
    public static Warning of(Finding finding, List<String> lines) {
        int line = finding.position().line();
        int first = Math.max(1, line - AROUND);
        int last = Math.min(lines.size(), finding.position().endLine() + AROUND);
        return new Warning(
                finding.position().file(),
                line,
                finding.message(),
                Optional.of(finding),
                first,
                lines.subList(Math.min(first - 1, last), last));
    }
}
