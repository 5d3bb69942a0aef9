package dev.wherry.daemon.build.context;

import dev.wherry.daemon.build.dockerfile.IgnorePatterns;
import dev.wherry.daemon.build.dockerfile.Wildcard;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.RootedPath;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A directory that a COPY reads: the build context, or the file system of a stage or image. Whatever symbolic links it
 * holds, nothing outside it is ever read.
 */
public final class FileTree {

    private static final Path HERE = Path.of("");

    private final Path root;
    private final IgnorePatterns ignore;
    private final String description;

    /**
     * @param ignore which of its files do not exist for the build
     * @param description what messages call it: {@code the build context /src}
     */
    public FileTree(Path root, IgnorePatterns ignore, String description) {
        this.root = root;
        this.ignore = ignore;
        this.description = description;
    }

    public Path root() {
        return root;
    }

    /**
     * Finds what the sources of a COPY name.
     *
     * @param sources paths or {@link Wildcard} patterns, seen from the root of the tree
     * @throws InvalidInputException when one names nothing, or leads out of the tree
     */
    public Selection select(List<String> sources) {
        try {
            List<Selection.Source> found = new ArrayList<>();
            for (String source : sources) {
                String path = clean(source);
                if (Wildcard.isPattern(path)) {
                    found.addAll(matches(source, path));
                } else {
                    found.add(one(source, path));
                }
            }
            return new Selection(found);
        } catch (IOException failure) {
            throw new HostException("cannot read " + description + ": " + failure.getMessage(), failure);
        }
    }

    private String clean(String source) {
        List<String> names = new ArrayList<>();
        for (String name : source.split("/")) {
            if (name.equals("..")) {
                if (names.isEmpty()) {
                    throw new InvalidInputException("\"" + source + "\" is outside " + description);
                }
                names.removeLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return String.join("/", names);
    }

    private Selection.Source one(String source, String path) throws IOException {
        Path resolved;
        try {
            resolved = new RootedPath(root).resolve(Path.of(path));
        } catch (NotDirectoryException | FileSystemLoopException failure) {
            throw missing(source, "");
        }
        Path relative = root.relativize(resolved);
        FileStatus status = Inodes.find(resolved).orElseThrow(() -> missing(source, ""));
        String name = relative.toString();
        if (!name.isEmpty() && ignore.ignores(name) && !(status.isDirectory() && ignore.mayContainIncluded(name))) {
            throw missing(source, ": .dockerignore leaves it out");
        }
        // The name in the instruction counts, also where it is a link to something of another name.
        Path target = path.isEmpty() ? HERE : Path.of(path).getFileName();
        return source(new SourceFile(resolved, target, status), relative);
    }

    private Selection.Source source(SourceFile top, Path relative) throws IOException {
        if (!top.status().isDirectory()) {
            return new Selection.Source(top, List.of());
        }
        return new Selection.Source(top, new DirectoryWalk(ignore).contents(top.path(), relative));
    }

    private List<Selection.Source> matches(String source, String pattern) throws IOException {
        Wildcard wildcard;
        try {
            wildcard = Wildcard.parse(pattern);
        } catch (IllegalArgumentException malformed) {
            throw new InvalidInputException("the pattern \"" + source + "\" is wrong: " + malformed.getMessage());
        }
        List<Selection.Source> found = new ArrayList<>();
        collect(root, HERE, wildcard, found);
        if (found.isEmpty()) {
            throw missing(source, "");
        }
        return found;
    }

    private void collect(Path directory, Path relative, Wildcard wildcard, List<Selection.Source> found)
            throws IOException {
        for (Path child : FileTrees.list(directory)) {
            Path path = relative.resolve(child.getFileName());
            String name = path.toString();
            boolean ignored = ignore.ignores(name);
            Optional<FileStatus> status = Inodes.find(child);
            if (status.isEmpty() || (ignored && !ignore.mayContainIncluded(name))) {
                continue;
            }
            if (wildcard.matches(name) && !(ignored && !status.get().isDirectory())) {
                found.add(one(name, name));
            } else if (status.get().isDirectory() && wildcard.canMatchBelow(name)) {
                collect(child, path, wildcard, found);
            }
        }
    }

    private InvalidInputException missing(String source, String why) {
        return new InvalidInputException("\"" + source + "\" is not in " + description + why);
    }
}
