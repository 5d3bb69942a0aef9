package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.cache.Inputs;
import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.context.ContentDigests;
import dev.wherry.daemon.builder.context.ContextTrees;
import dev.wherry.daemon.builder.context.FileTree;
import dev.wherry.daemon.builder.context.Selection;
import dev.wherry.daemon.builder.context.SourceRules;
import dev.wherry.daemon.builder.copy.CopySpec.Origin;
import dev.wherry.daemon.builder.explain.FileList;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.solver.Operation;
import dev.wherry.daemon.builder.solver.Operation.Preparation;
import dev.wherry.daemon.builder.solver.SnapshotDigests;
import dev.wherry.daemon.builder.solver.Solved;
import dev.wherry.daemon.builder.solver.StepRun;
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

/** Copies for one build: prepares and performs {@link CopyOperation}s with the files that the build was given. */
public final class FileCopies {

    private final Workspace workspace;
    private final FileTree context;
    private final ContentDigests contextDigests;
    private final SnapshotDigests snapshotDigests;
    private final ReadTrace reads;
    private final RecentCopies recentCopies;

    private final ContextTrees contexts;
    private final FetchedFiles fetchedFiles;

    public FileCopies(
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

    /** Makes a directory in a new snapshot. */
    SnapshotId makeDirectory(String path, String user, Preparation step, StepRun run) {
        return workspace.make(
                run.lease(),
                step.parent().snapshot(),
                rootfs -> Destination.makeDirectory(rootfs, path, Owner.ofUser(rootfs, user), step.step()));
    }

    /** @throws RuntimeException as {@link Step#refused} makes it, when a source names nothing */
    Operation.Prepared prepare(CopySpec spec, Preparation step) {
        CopySpec copy = spec.rules().link() ? LinkedCopy.withNumericOwner(spec, step, workspace) : spec;
        return switch (copy.origin()) {
            case Origin.Remote(FetchRules rules) ->
                new FetchedCopy(workspace, fetchedFiles, copy, step).prepare(rules, context, contextDigests);
            case Origin.NamedContext(BuildContext named) ->
                fromContext(copy, step, contexts.tree(named), contexts.digests(named));
            case Origin.Context _ -> fromContext(copy, step, context, contextDigests);
            case Origin.Result _ -> fromSnapshot(copy, step);
        };
    }

    private Operation.Prepared fromContext(CopySpec copy, Preparation step, FileTree tree, ContentDigests digests) {
        List<String> selector = selector(copy);
        Optional<Digest> known = digests.settled(selector);
        SelectedFiles files = new SelectedFiles(
                known, () -> select(copy, step.step(), tree), selection -> digests.read(selection, false));
        if (known.isEmpty()) {
            digests.note(selector, files.digest());
        }
        reads.copied(step.vertex(), files::selection);
        return new FromContext(copy, step, tree, files);
    }

    private Operation.Prepared fromSnapshot(CopySpec copy, Preparation step) {
        Solved source = step.sources().getFirst();
        List<String> selector = selector(copy);
        Optional<Digest> known = source.content(
                selector, () -> source.snapshot().flatMap(files -> snapshotDigests.find(files, selector)));
        if (known.isPresent()) {
            return new FromView(copy, step, known.get(), source, Optional.empty(), Optional.empty());
        }
        Optional<SnapshotId> snapshot = source.snapshot();
        Workspace.Mounted view = workspace.view(snapshot);
        try {
            boolean owners = copy.rules().owner().isEmpty();
            SelectedFiles selected = new SelectedFiles(
                    Optional.empty(),
                    () -> select(copy, step.step(), tree(step, view)),
                    selection -> new ContentDigests().read(selection, owners));
            Digest content = selected.digest();
            snapshot.ifPresent(files -> snapshotDigests.put(files, selector, content));
            source.note(selector, content);
            // Listed now, while the view is there.
            ListedFiles files = new ListedFiles(view.root(), selected, owners);
            files.list();
            return new FromView(copy, step, content, source, Optional.of(view), Optional.of(files));
        } catch (Throwable failure) {
            view.close();
            throw failure;
        }
    }

    private static FileTree tree(Preparation step, Workspace.Mounted view) {
        String name = step.vertex().sources().getFirst().step().source();
        return FileTree.ofImage(view.root(), "the files of \"" + name + "\"");
    }

    /** All that decides which files are read, and what counts of them. */
    private static List<String> selector(CopySpec copy) {
        List<String> selector = new ArrayList<>(copy.sources());
        selector.add(copy.rules().parents() ? "/parents" : "/");
        selector.add(copy.rules().owner().isEmpty() ? "/owners" : "/");
        selector.addAll(copy.rules().excludes());
        return selector;
    }

    private static Selection select(CopySpec copy, Step step, FileTree tree) {
        try {
            return tree.select(
                    copy.sources(),
                    new SourceRules(copy.rules().exclusion(), copy.rules().parents()));
        } catch (InvalidInputException failure) {
            throw step.refused(failure.getMessage());
        }
    }

    /** A copy whose inputs are known. */
    private abstract class Prepared implements Operation.Prepared {

        private final CopySpec copy;
        private final Preparation step;
        private final Digest content;

        Prepared(CopySpec copy, Preparation step, Digest content) {
            this.copy = copy;
            this.step = step;
            this.content = content;
        }

        abstract Selection selection();

        @Override
        public List<Input> contents() {
            return List.of(Input.of(Input.Kind.FILES, content.toString()));
        }

        @Override
        public Optional<CacheKey> layerKey() {
            // A layer whose files are dated back is not that of others, and none of theirs.
            boolean alike = copy.rules().link() && workspace.latest().isEmpty();
            return alike
                    ? Optional.of(
                            new Inputs(copy.layerInputs()).with(contents()).layerKey())
                    : Optional.empty();
        }

        @Override
        public SnapshotId perform(CacheKey key, StepRun run) {
            OptionalLong modified = copy.origin().isUndated() ? workspace.latest() : OptionalLong.empty();
            Consumer<Path> body =
                    rootfs -> new Transfer(copy, step.step(), rootfs, modified, Optional.empty()).copy(selection());
            return copy.rules().link()
                    ? workspace.makeAlone(run.lease(), step.parent().snapshot(), body)
                    : workspace.make(run.lease(), step.parent().snapshot(), body);
        }
    }

    /** A copy from the build context. */
    private final class FromContext extends Prepared {

        private final CopySpec copy;
        private final Preparation step;
        private final SelectedFiles selected;
        private final ListedFiles files;

        FromContext(CopySpec copy, Preparation step, FileTree tree, SelectedFiles selected) {
            super(copy, step, selected.digest());
            this.copy = copy;
            this.step = step;
            this.selected = selected;
            this.files = new ListedFiles(tree.root(), selected, false);
        }

        @Override
        Selection selection() {
            return selected.selection();
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
        public SnapshotId perform(CacheKey key, StepRun run) {
            // Those of a directory of many files, which goes into the layer's folder.
            Optional<Map<Path, byte[]>> digests = copy.rules().link()
                    ? Optional.empty()
                    : RecentCopies.digests(selected.selection(), selected.content());
            if (digests.isEmpty()) {
                return super.perform(key, run);
            }
            boolean reflinks = workspace.hasReflinks();
            Optional<EarlierLayer> earlier = Optional.of(key.definition())
                    .filter(_ -> reflinks)
                    .flatMap(recentCopies::find)
                    .flatMap(made -> workspace
                            .layer(run.lease(), made.snapshot())
                            .map(layer -> new EarlierLayer(layer, made.files(), digests.get())));
            SnapshotId snapshot =
                    workspace.makeInSteps(run.lease(), step.parent().snapshot(), rootfs -> {
                        Transfer transfer = new Transfer(
                                copy,
                                step.step(),
                                rootfs,
                                workspace.latest(),
                                Optional.of(new LayerFiles(reflinks, earlier)));
                        transfer.copy(selected.selection());
                        return transfer::finish;
                    });
            if (reflinks) {
                recentCopies.put(key.definition(), new RecentCopies.Made(snapshot, digests.get()));
            }
            return snapshot;
        }
    }

    /** A copy from a snapshot, which is mounted only when its files are wanted. */
    private final class FromView extends Prepared {

        private final CopySpec copy;
        private final Preparation step;
        private final Solved source;
        private final Optional<ListedFiles> files;
        private Optional<Workspace.Mounted> view;

        FromView(
                CopySpec copy,
                Preparation step,
                Digest content,
                Solved source,
                Optional<Workspace.Mounted> view,
                Optional<ListedFiles> files) {
            super(copy, step, content);
            this.copy = copy;
            this.step = step;
            this.source = source;
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
                view = Optional.of(workspace.view(source.snapshot()));
            }
            return select(copy, step.step(), tree(step, view.get()));
        }

        @Override
        public void close() {
            view.ifPresent(Workspace.Mounted::close);
        }
    }
}
