package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.builder.context.SourceFilter.Verdict;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.builder.dockerfile.pattern.Wildcard;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
    private final SourceFilter filter;
    private final String description;
    private final boolean owned;

    /**
     * A build context.
     *
     * @param ignore which of its files do not exist for the build
     * @param description what messages call it: {@code the build context /src}
     */
    public FileTree(Path root, IgnorePatterns ignore, String description) {
        this(root, ignore, description, false);
    }

    private FileTree(Path root, IgnorePatterns ignore, String description, boolean owned) {
        this.root = root;
        this.ignore = ignore;
        this.filter = SourceFilter.ignoring(ignore);
        this.description = description;
        this.owned = owned;
    }

    /** The file system of an image or stage, whose files keep their owners when they are copied. */
    public static FileTree ofImage(Path root, String description) {
        return new FileTree(root, IgnorePatterns.none(), description, true);
    }

    public Path root() {
        return root;
    }

    /**
     * Finds what the sources of a COPY name.
     *
     * @param sources paths or {@link Wildcard} patterns, seen from the root of the tree
     * @throws InvalidInputException when a path names nothing; a pattern may
     */
    public Selection select(List<String> sources, SourceRules rules) {
        try {
            List<Selection.Source> found = new ArrayList<>();
            for (String source : sources) {
                if (rules.parents()) {
                    found.add(withParents(source, rules));
                    continue;
                }
                String path = clean(source);
                if (Wildcard.isPattern(path)) {
                    found.addAll(matches(source, path, rules));
                } else {
                    one(source, path, rules).ifPresent(found::add);
                }
            }
            return new Selection(found, owned);
        } catch (IOException failure) {
            throw new HostException("cannot read " + description + ": " + failure.getMessage(), failure);
        }
    }

    /**
     * What the ignore patterns leave out of a directory of this tree: paths seen from the directory. Of a directory that
     * is left out, only itself.
     */
    public List<Path> ignored(Path directory) {
        try {
            return new IgnoredFiles(ignore).find(directory, root.relativize(directory));
        } catch (IOException failure) {
            throw new HostException("cannot read " + description + ": " + failure.getMessage(), failure);
        }
    }

    /** Without empty names and dots; what would lead above the root stays at it. */
    private static String clean(String source) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : source.split("/")) {
            switch (name) {
                case "", "." -> {}
                case ".." -> names.pollLast();
                default -> names.addLast(name);
            }
        }
        return String.join("/", names);
    }

    /** Empty when the source is a file that is excluded. */
    private Optional<Selection.Source> one(String source, String path, SourceRules rules) throws IOException {
        Path resolved = resolve(source, path);
        Path relative = root.relativize(resolved);
        FileStatus status = Inodes.find(resolved).orElseThrow(() -> missing(source, ""));
        String name = relative.toString();
        if (isLeftOut(resolved, name, status)) {
            throw missing(source, ": .dockerignore leaves it out");
        }
        // The name in the instruction counts, also where it is a link to something of another name.
        Path target = path.isEmpty() ? HERE : Path.of(path).getFileName();
        SourceFile top = new SourceFile(resolved, target, status);
        if (status.isDirectory()) {
            return Optional.of(directory(top, relative, filter.excluding(rules.excludes())));
        }
        boolean excluded = rules.excludes().ignores(target.toString());
        return excluded ? Optional.empty() : Optional.of(new Selection.Source(top, List.of()));
    }

    /** A directory that is ignored is there only if an exception of the patterns matches something in it. */
    private boolean isLeftOut(Path path, String name, FileStatus status) throws IOException {
        if (name.isEmpty() || !ignore.ignores(name)) {
            return false;
        }
        return !status.isDirectory()
                || !ignore.mayContainIncluded(name)
                || new DirectoryWalk(filter).contents(path, Path.of(name)).isEmpty();
    }

    private Path resolve(String source, String path) throws IOException {
        try {
            return new RootedPath(root).resolve(Path.of(path));
        } catch (NotDirectoryException | FileSystemLoopException failure) {
            throw missing(source, "");
        }
    }

    private static Selection.Source directory(SourceFile top, Path relative, SourceFilter filter) throws IOException {
        return new Selection.Source(top, new DirectoryWalk(filter).contents(top.path(), relative));
    }

    /** The directory from which the names are kept, as a source that has only what is meant. */
    private Selection.Source withParents(String source, SourceRules rules) throws IOException {
        int pivot = source.indexOf("/./");
        String from = pivot < 0 ? "" : clean(source.substring(0, pivot));
        String kept = clean(pivot < 0 ? source : source.substring(pivot + 3));
        Path resolved = resolve(source, from);
        FileStatus status =
                Inodes.find(resolved).filter(FileStatus::isDirectory).orElseThrow(() -> missing(source, ""));
        SourceFilter all = filter.excluding(rules.excludes());
        SourceFilter meant = kept.isEmpty() ? all : all.only(only(source, kept));
        Selection.Source found = directory(new SourceFile(resolved, HERE, status), root.relativize(resolved), meant);
        if (found.contents().isEmpty()
                && !Wildcard.isPattern(kept)
                && rules.excludes().isEmpty()) {
            throw missing(source, "");
        }
        return found;
    }

    private static IgnorePatterns only(String source, String pattern) {
        try {
            return IgnorePatterns.of(List.of(pattern));
        } catch (IllegalArgumentException malformed) {
            throw new InvalidInputException("the source \"" + source + "\" is wrong: " + malformed.getMessage());
        }
    }

    private List<Selection.Source> matches(String source, String pattern, SourceRules rules) throws IOException {
        Wildcard wildcard;
        try {
            wildcard = Wildcard.parse(pattern);
        } catch (IllegalArgumentException malformed) {
            throw new InvalidInputException("the pattern \"" + source + "\" is wrong: " + malformed.getMessage());
        }
        List<Selection.Source> found = new ArrayList<>();
        collect(root, HERE, wildcard, rules, found);
        return found;
    }

    private void collect(
            Path directory, Path relative, Wildcard wildcard, SourceRules rules, List<Selection.Source> found)
            throws IOException {
        for (Path child : FileTrees.list(directory)) {
            Path path = relative.resolve(child.getFileName());
            String name = path.toString();
            Verdict verdict = filter.of(path, path);
            Optional<FileStatus> status = Inodes.find(child);
            if (status.isEmpty() || verdict == Verdict.LEFT) {
                continue;
            }
            boolean isDirectory = status.get().isDirectory();
            if (wildcard.matches(name) && !isLeftOut(child, name, status.get())) {
                one(name, name, rules).ifPresent(found::add);
            } else if (isDirectory && wildcard.canMatchBelow(name)) {
                collect(child, path, wildcard, rules, found);
            }
        }
    }

    private InvalidInputException missing(String source, String why) {
        return new InvalidInputException("\"" + source + "\" is not in " + description + why);
    }
}
