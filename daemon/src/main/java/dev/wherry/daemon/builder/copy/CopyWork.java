package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.context.ContentDigests;
import dev.wherry.daemon.builder.context.ContextTrees;
import dev.wherry.daemon.builder.context.FileTree;
import dev.wherry.daemon.builder.context.Selection;
import dev.wherry.daemon.builder.context.SourceRules;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.explain.FileList;
import dev.wherry.daemon.builder.run.ReadTrace;
import dev.wherry.daemon.builder.solver.SnapshotDigests;
import dev.wherry.daemon.builder.solver.Solved;
import dev.wherry.daemon.builder.solver.StepKeys;
import dev.wherry.daemon.builder.solver.StepReporter;
import dev.wherry.daemon.builder.solver.StepRun;
import dev.wherry.daemon.builder.solver.StepWork;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.builder.solver.Workspace;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** {@code COPY} and {@code ADD}: files of the build context, or of another file system, in a new snapshot. */
public final class CopyWork {

    private final Workspace workspace;
    private final FileTree context;
    private final ContentDigests contextDigests;
    private final SnapshotDigests snapshotDigests;
    private final ReadTrace reads;
    private final RecentCopies recentCopies;

    private final ContextTrees contexts;
    private final FetchedFiles fetchedFiles;

    public CopyWork(
            Workspace workspace,
            FileTree context,
            ContentDigests contextDigests,
            SnapshotDigests snapshotDigests,
            ContextTrees contexts,
            FetchedFiles fetchedFiles,
            ReadTrace reads,
            RecentCopies recentCopies) {
        this.contexts = contexts;
        this.fetchedFiles = fetchedFiles;
        this.workspace = workspace;
        this.context = context;
        this.contextDigests = contextDigests;
        this.snapshotDigests = snapshotDigests;
        this.reads = reads;
        this.recentCopies = recentCopies;
    }

    /** @throws DockerfileException when a source names nothing */
    public StepWork.Prepared prepare(Vertex.Copy vertex, Solved parent, Optional<Solved> source, StepReporter teller) {
        Vertex.Copy copy = vertex.rules().link() ? LinkedCopy.withNumericOwner(vertex, parent, workspace) : vertex;
        if (copy.from().orElse(null) instanceof Vertex.Fetched fetched) {
            return new FetchedCopy(workspace, fetchedFiles, copy, parent, teller)
                    .prepare(fetched.rules(), context, contextDigests);
        }
        if (copy.from().orElse(null) instanceof Vertex.Context named) {
            return fromContext(copy, parent, contexts.tree(named.context()), contexts.digests(named.context()));
        }
        return source.isEmpty()
                ? fromContext(copy, parent, context, contextDigests)
                : fromSnapshot(copy, parent, source.get());
    }

    private StepWork.Prepared fromContext(Vertex.Copy copy, Solved parent, FileTree tree, ContentDigests digests) {
        Selection selection = select(copy, tree);
        reads.copied(copy, selection);
        return new FromContext(copy, parent, tree, selection, digests.read(selection, false));
    }

    private StepWork.Prepared fromSnapshot(Vertex.Copy copy, Solved parent, Solved source) {
        SnapshotId snapshot = source.snapshot()
                .orElseThrow(() -> new DockerfileException(
                        copy.step().position(), copy.step().source(), "the stage to copy from has no files"));
        List<String> selector = selector(copy);
        Optional<Digest> known = snapshotDigests.find(snapshot, selector);
        if (known.isPresent()) {
            return new FromView(copy, parent, known.get(), snapshot, Optional.empty(), Optional.empty());
        }
        Workspace.Mounted view = workspace.view(snapshot);
        try {
            boolean owners = copy.rules().owner().isEmpty();
            Selection selection = select(copy, tree(copy, view));
            ContentDigests.Content content = new ContentDigests().read(selection, owners);
            snapshotDigests.put(snapshot, selector, content.digest());
            // Listed now, while the view is there.
            ListedFiles files = new ListedFiles(view.root(), selection, content, owners);
            files.list();
            return new FromView(copy, parent, content.digest(), snapshot, Optional.of(view), Optional.of(files));
        } catch (Throwable failure) {
            view.close();
            throw failure;
        }
    }

    private static FileTree tree(Vertex.Copy copy, Workspace.Mounted view) {
        String name = copy.from().orElseThrow().step().source();
        return FileTree.ofImage(view.root(), "the files of \"" + name + "\"");
    }

    /** All that decides which files of a snapshot are read, and what counts of them. */
    private static List<String> selector(Vertex.Copy copy) {
        List<String> selector = new ArrayList<>(copy.sources());
        selector.add(copy.rules().parents() ? "/parents" : "/");
        selector.add(copy.rules().owner().isEmpty() ? "/owners" : "/");
        selector.addAll(copy.rules().excludes());
        return selector;
    }

    private static Selection select(Vertex.Copy copy, FileTree tree) {
        try {
            return tree.select(
                    copy.sources(),
                    new SourceRules(copy.rules().exclusion(), copy.rules().parents()));
        } catch (InvalidInputException failure) {
            throw new DockerfileException(
                    copy.step().position(), copy.step().source(), copy.step().source() + ": " + failure.getMessage());
        }
    }

    /** A copy whose key is known. */
    private abstract class Prepared implements StepWork.Prepared {

        private final Vertex.Copy copy;
        private final Solved parent;
        private final Digest content;
        private final CacheKey key;

        Prepared(Vertex.Copy copy, Solved parent, Digest content) {
            this.copy = copy;
            this.parent = parent;
            this.content = content;
            this.key = StepKeys.of(copy, parent.key(), content);
        }

        abstract Selection selection();

        @Override
        public CacheKey key() {
            return key;
        }

        @Override
        public Optional<CacheKey> layerKey() {
            // A layer whose files are dated back is not that of others, and none of theirs.
            boolean alike = copy.rules().link() && workspace.latest().isEmpty();
            return alike ? Optional.of(LinkedCopy.layerKey(copy, content)) : Optional.empty();
        }

        @Override
        public SnapshotId perform(StepRun run) {
            // When a file of the context was last written is no input of the step: it must not be seen in a dated
            // result.
            boolean input = copy.from().map(Vertex::isInput).orElse(true);
            OptionalLong modified = input ? workspace.latest() : OptionalLong.empty();
            Consumer<Path> body = rootfs -> new Transfer(copy, rootfs, modified, Optional.empty()).copy(selection());
            return copy.rules().link()
                    ? workspace.makeAlone(run.lease(), parent.snapshot(), body)
                    : workspace.make(run.lease(), parent.snapshot(), body);
        }
    }

    /** A copy from the build context. */
    private final class FromContext extends Prepared {

        private final Vertex.Copy copy;
        private final Solved parent;
        private final Selection selection;
        private final ListedFiles files;
        /** The digests of a directory of many files, which goes into the layer's folder. */
        private final Optional<Map<Path, byte[]>> digests;

        FromContext(
                Vertex.Copy copy, Solved parent, FileTree tree, Selection selection, ContentDigests.Content content) {
            super(copy, parent, content.digest());
            this.copy = copy;
            this.parent = parent;
            this.selection = selection;
            this.files = new ListedFiles(tree.root(), selection, content, false);
            this.digests = copy.rules().link() ? Optional.empty() : RecentCopies.digests(selection, content);
        }

        @Override
        Selection selection() {
            return selection;
        }

        @Override
        public boolean bound() {
            return true;
        }

        @Override
        public Optional<FileList.Source> files() {
            return Optional.of(files);
        }

        @Override
        public SnapshotId perform(StepRun run) {
            if (digests.isEmpty()) {
                return super.perform(run);
            }
            boolean reflinks = workspace.hasReflinks();
            Optional<EarlierLayer> earlier = Optional.of(key().definition())
                    .filter(_ -> reflinks)
                    .flatMap(recentCopies::find)
                    .flatMap(made -> workspace
                            .layer(run.lease(), made.snapshot())
                            .map(layer -> new EarlierLayer(layer, made.files(), digests.get())));
            SnapshotId snapshot = workspace.makeInSteps(run.lease(), parent.snapshot(), rootfs -> {
                Transfer transfer =
                        new Transfer(copy, rootfs, workspace.latest(), Optional.of(new LayerFiles(reflinks, earlier)));
                transfer.copy(selection);
                return transfer::finish;
            });
            if (reflinks) {
                recentCopies.put(key().definition(), new RecentCopies.Made(snapshot, digests.get()));
            }
            return snapshot;
        }
    }

    /** A copy from a snapshot, which is mounted only when its files are wanted. */
    private final class FromView extends Prepared {

        private final Vertex.Copy copy;
        private final SnapshotId snapshot;
        private final Optional<ListedFiles> files;
        private Optional<Workspace.Mounted> view;

        FromView(
                Vertex.Copy copy,
                Solved parent,
                Digest content,
                SnapshotId snapshot,
                Optional<Workspace.Mounted> view,
                Optional<ListedFiles> files) {
            super(copy, parent, content);
            this.copy = copy;
            this.snapshot = snapshot;
            this.view = view;
            this.files = files;
        }

        @Override
        public Optional<FileList.Source> files() {
            return files.map(listed -> listed);
        }

        @Override
        Selection selection() {
            if (view.isEmpty()) {
                view = Optional.of(workspace.view(snapshot));
            }
            return select(copy, tree(copy, view.get()));
        }

        @Override
        public void close() {
            view.ifPresent(Workspace.Mounted::close);
        }
    }
}
