package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.builder.context.ContentDigests;
import dev.wherry.daemon.builder.context.ContextView;
import dev.wherry.daemon.builder.context.FileTree;
import dev.wherry.daemon.builder.context.Selection;
import dev.wherry.daemon.builder.context.SourceRules;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.solver.SnapshotDigests;
import dev.wherry.daemon.builder.solver.Solved;
import dev.wherry.daemon.builder.solver.Workspace;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files that mounts of a RUN show: those of the build context, or of the result of another vertex. */
public final class BindSources {

    private final Workspace workspace;
    private final FileTree context;
    private final ContentDigests contextDigests;
    private final SnapshotDigests snapshotDigests;

    public BindSources(
            Workspace workspace, FileTree context, ContentDigests contextDigests, SnapshotDigests snapshotDigests) {
        this.workspace = workspace;
        this.context = context;
        this.contextDigests = contextDigests;
        this.snapshotDigests = snapshotDigests;
    }

    /**
     * Files or a directory where a step can have them mounted from.
     *
     * @param below more that is to be closed after it
     */
    record Opened(Path path, boolean isFile, AutoCloseable below) {}

    /**
     * Digest of all that a mount shows.
     *
     * @param from where it is; empty for the build context
     * @throws RuntimeException as {@link Step#refused} makes it, when the source is not there
     */
    Digest content(String source, Optional<Solved> from, Step step) {
        List<String> sources = List.of(source, "/mounted");
        if (from.isEmpty()) {
            return contextDigests.of(select(context, source, step), false);
        }
        Solved result = from.get();
        Optional<Digest> known =
                result.content(sources, () -> result.snapshot().flatMap(files -> snapshotDigests.find(files, sources)));
        if (known.isPresent()) {
            return known.get();
        }
        Optional<SnapshotId> snapshot = result.snapshot();
        try (Workspace.Mounted view = workspace.view(snapshot)) {
            Digest content = new ContentDigests().of(select(tree(view), source, step), true);
            snapshot.ifPresent(files -> snapshotDigests.put(files, sources, content));
            result.note(sources, content);
            return content;
        }
    }

    /** Where a socket for a step may be made. */
    Path newSocket() {
        return workspace.newSocket();
    }

    /** A directory of the result of another vertex, and what is in it. */
    record Tree(Selection.Source selection, Workspace.Mounted view) implements AutoCloseable {
        @Override
        public void close() {
            view.close();
        }
    }

    Tree tree(String source, Solved from, Step step) {
        Workspace.Mounted view = workspace.view(from.snapshot());
        try {
            return new Tree(find(tree(view), source, step), view);
        } catch (Throwable failure) {
            view.close();
            throw failure;
        }
    }

    /**
     * Makes the files available.
     *
     * @param writable whether they can be written, without effect on where they come from
     * @param lease holds what is written as long as it is open
     */
    Opened open(String source, Optional<Solved> from, boolean writable, Step step, Lease lease) {
        return from.isPresent()
                ? fromSnapshot(source, from.get().snapshot(), writable, step, lease)
                : fromContext(source, writable, step);
    }

    private Opened fromSnapshot(
            String source, Optional<SnapshotId> snapshot, boolean writable, Step step, Lease lease) {
        Workspace.Mounted mounted = writable ? workspace.copy(lease, snapshot) : workspace.view(snapshot);
        try {
            Selection.Source found = find(tree(mounted), source, step);
            return new Opened(found.top().path(), !found.isDirectory(), mounted);
        } catch (Throwable failure) {
            mounted.close();
            throw failure;
        }
    }

    private Opened fromContext(String source, boolean writable, Step step) {
        Selection.Source found = find(context, source, step);
        Path path = found.top().path();
        if (!found.isDirectory()) {
            return writable ? within(path.getParent(), path.getFileName()) : new Opened(path, true, () -> {});
        }
        List<Path> ignored = context.ignored(path);
        if (!writable && ignored.isEmpty()) {
            return new Opened(path, false, () -> {});
        }
        ContextView view = workspace.view(path, ignored, writable);
        return new Opened(view.root(), false, view);
    }

    /** One file that can be written, through a view of the directory it is in. */
    private Opened within(Path directory, Path name) {
        ContextView view = workspace.view(directory, List.of(), true);
        return new Opened(view.root().resolve(name), true, view);
    }

    private static FileTree tree(Workspace.Mounted view) {
        return FileTree.ofImage(view.root(), "the files to mount");
    }

    private static Selection.Source find(FileTree tree, String source, Step step) {
        return select(tree, source, step).sources().getFirst();
    }

    private static Selection select(FileTree tree, String source, Step step) {
        try {
            Selection selection = tree.select(List.of(source), SourceRules.DEFAULT);
            if (selection.sources().size() != 1) {
                throw new InvalidInputException("\"" + source + "\" is not the path of one file or directory");
            }
            return selection;
        } catch (InvalidInputException failure) {
            throw step.refused(source, failure.getMessage());
        }
    }
}
