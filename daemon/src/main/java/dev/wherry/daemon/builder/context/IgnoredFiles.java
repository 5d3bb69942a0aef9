package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what ignore patterns leave out of a directory: of an ignored directory itself, not what is in it. */
final class IgnoredFiles {

    private final IgnorePatterns ignore;

    IgnoredFiles(IgnorePatterns ignore) {
        this.ignore = ignore;
    }

    /**
     * @param relative the directory as the patterns see it
     * @return paths seen from the directory
     */
    List<Path> find(Path directory, Path relative) throws IOException {
        List<Path> found = new ArrayList<>();
        collect(directory, relative, Path.of(""), found);
        return found;
    }

    /** Whether anything in the directory is left. */
    private boolean collect(Path directory, Path relative, Path below, List<Path> found) throws IOException {
        boolean left = false;
        for (Path child : FileTrees.list(directory)) {
            Path seen = relative.resolve(child.getFileName());
            Path path = below.resolve(child.getFileName());
            boolean ignored = ignore.ignores(seen.toString());
            Optional<FileStatus> status = Inodes.find(child);
            boolean isDirectory = status.isPresent() && status.get().isDirectory();
            boolean keeps = !ignored;
            if (isDirectory && (!ignored || ignore.mayContainIncluded(seen.toString()))) {
                int before = found.size();
                keeps |= collect(child, seen, path, found);
                if (!keeps) {
                    found.subList(before, found.size()).clear();
                }
            }
            if (!keeps) {
                found.add(path);
            }
            left |= keeps;
        }
        return left;
    }
}
