package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import java.nio.file.Path;
import java.util.List;

/**
 * The file in a client's directory that says which others its build ignores.
 *
 * @param name its path from the directory
 */
public record IgnoreFile(String name, byte[] content) {

    /** What the build may see of the listed files, this one, and the directories they are in. */
    List<SyncedFile> withoutIgnored(List<SyncedFile> listed) {
        IgnorePatterns patterns = IgnorePatterns.parse(name, content);
        Path own = Path.of(name);
        return listed.stream().filter(file -> isSeen(file, patterns, own)).toList();
    }

    private static boolean isSeen(SyncedFile file, IgnorePatterns patterns, Path own) {
        String path = file.path().toString();
        return !patterns.ignores(path)
                || (file.isDirectory() && patterns.mayContainIncluded(path))
                || own.startsWith(file.path());
    }
}
