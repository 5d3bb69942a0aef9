package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.snapshot.layer.StackedFile.Part;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Committed layers read together, as overlayfs would show them but without a mount. One name is looked up at a time, in a
 * folder that is known to be one, and links are resolved here, so no layer can lead out of the stack.
 *
 * @param topFirst the folders of the layers, which nobody changes
 */
public record LayerStack(List<Path> topFirst) {

    private static final int MOST_LINKS = 255;
    private static final Path HERE = Path.of("");

    public LayerStack {
        topFirst = List.copyOf(topFirst);
    }

    /** The root folder; empty for a stack of no layers. */
    public Optional<StackedFile> root() throws IOException {
        if (topFirst.isEmpty()) {
            return Optional.empty();
        }
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < topFirst.size(); i++) {
            parts.add(new Part(topFirst.size() - i, topFirst.get(i)));
        }
        Part top = parts.getFirst();
        return Optional.of(new StackedFile(HERE, top.folder(), Inodes.status(top.folder()), top.layer(), parts));
    }

    /**
     * What a path leads to. Links on the way are followed as by a process that has the stack as its root.
     *
     * @param follow true to follow a link as the last component too
     * @return empty when there is no such file
     * @throws FileSystemLoopException when more than 255 links would have to be followed
     */
    public Optional<StackedFile> find(Path path, boolean follow) throws IOException {
        Deque<Path> rest = new ArrayDeque<>();
        push(rest, path);
        Deque<StackedFile> at = new ArrayDeque<>();
        Optional<StackedFile> root = root();
        if (root.isEmpty()) {
            return root;
        }
        at.push(root.get());
        int links = 0;
        while (!rest.isEmpty()) {
            Path name = rest.pop();
            String text = name.toString();
            if (!at.peek().isDirectory()) {
                return Optional.empty();
            }
            if (text.isEmpty() || text.equals(".")) {
                continue;
            }
            if (text.equals("..")) {
                if (at.size() > 1) {
                    at.pop();
                }
                continue;
            }
            Optional<StackedFile> next = child(at.peek(), name);
            if (next.isEmpty()) {
                return next;
            }
            if (next.get().status().isSymlink() && (follow || !rest.isEmpty())) {
                if (++links > MOST_LINKS) {
                    throw new FileSystemLoopException(path.toString());
                }
                Path target = PathBytes.path(Inodes.readlink(next.get().file()));
                if (target.isAbsolute()) {
                    at.clear();
                    at.push(root.get());
                }
                push(rest, target);
            } else {
                at.push(next.get());
            }
        }
        return Optional.of(at.peek());
    }

    private static void push(Deque<Path> rest, Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            rest.push(path.getName(i));
        }
    }

    /** What a folder shows under a name. */
    public Optional<StackedFile> child(StackedFile folder, Path name) throws IOException {
        Path path = folder.path().resolve(name);
        List<Part> parts = new ArrayList<>();
        Path uppermost = null;
        FileStatus shown = null;
        for (Part part : folder.parts()) {
            Path file = part.folder().resolve(name);
            FileStatus status = Inodes.find(file).orElse(null);
            if (status == null) {
                continue;
            }
            if (!status.isDirectory()) {
                return shown != null
                        ? Optional.of(new StackedFile(
                                path, uppermost, shown, parts.getFirst().layer(), parts))
                        : Optional.of(new StackedFile(path, file, status, part.layer(), List.of()))
                                .filter(found -> !found.status().isWhiteout());
            }
            if (shown == null) {
                uppermost = file;
                shown = status;
            }
            parts.add(new Part(part.layer(), file));
            if (OpaqueMark.is(file)) {
                break;
            }
        }
        return shown == null
                ? Optional.empty()
                : Optional.of(
                        new StackedFile(path, uppermost, shown, parts.getFirst().layer(), parts));
    }

    /** What a folder shows, in the order of the names' bytes; nothing if it is no folder. */
    public List<StackedFile> children(StackedFile folder) throws IOException {
        List<StackedFile> children = new ArrayList<>();
        for (Path name : names(folder.parts())) {
            child(folder, name).ifPresent(children::add);
        }
        return children;
    }

    /** The names that parts of a folder have, hidden ones included. */
    public static SortedSet<Path> names(List<Part> parts) throws IOException {
        CancelledException.throwIfInterrupted();
        SortedSet<Path> names = new TreeSet<>();
        for (Part part : parts) {
            for (Path child : FileTrees.list(part.folder())) {
                names.add(child.getFileName());
            }
        }
        return names;
    }
}
