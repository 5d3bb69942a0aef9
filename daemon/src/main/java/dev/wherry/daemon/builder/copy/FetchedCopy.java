package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.context.ContentDigests;
import dev.wherry.daemon.builder.context.FileTree;
import dev.wherry.daemon.builder.context.Selection;
import dev.wherry.daemon.builder.context.SourceRules;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.solver.Operation;
import dev.wherry.daemon.builder.solver.Operation.Preparation;
import dev.wherry.daemon.builder.solver.StepRun;
import dev.wherry.daemon.builder.solver.Workspace;
import dev.wherry.daemon.builder.source.Downloads.Download;
import dev.wherry.daemon.builder.source.GitRepositories.Commit;
import dev.wherry.daemon.builder.source.GitUrl;
import dev.wherry.daemon.builder.source.StagingFolders;
import dev.wherry.daemon.error.BuildException;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * {@code ADD} of sources that are fetched. Its key holds the digests of files and the commits of repositories; what is
 * not needed to know these is fetched only when the step is not in the cache.
 */
final class FetchedCopy implements Operation.Prepared {

    private final Workspace workspace;
    private final FetchedFiles fetched;
    private final CopySpec copy;
    private final Preparation step;
    private final Lease lease;
    private final List<FetchedSource> sources = new ArrayList<>();
    private boolean bound;

    FetchedCopy(Workspace workspace, FetchedFiles fetched, CopySpec copy, Preparation step) {
        this.workspace = workspace;
        this.fetched = fetched;
        this.copy = copy;
        this.step = step;
        this.lease = fetched.leases().open();
    }

    /** Finds out what the sources are now. */
    FetchedCopy prepare(FetchRules rules, FileTree context, ContentDigests contextDigests) {
        try {
            for (String source : copy.sources()) {
                sources.add(told(() -> find(source, rules, context, contextDigests)));
            }
            return this;
        } catch (Throwable failure) {
            lease.close();
            throw failure;
        }
    }

    private FetchedSource find(String source, FetchRules rules, FileTree context, ContentDigests contextDigests) {
        if (GitUrl.isOne(source)) {
            GitUrl given = GitUrl.parse(source);
            GitUrl url = rules.commit().map(given::withChecksum).orElse(given);
            Commit commit = fetched.repositories().resolve(url);
            return new FetchedSource.Repository(
                    commit, rules.keepGitDir() || url.keepGitDir().orElse(false));
        }
        if (FetchRules.isFetched(source)) {
            Download download = fetched.downloads().find(source, rules.file(), lease, step.reporter()::transferred);
            return new FetchedSource.File(FetchedSource.fileName(source), download);
        }
        bound = true;
        Selection selection = context.select(List.of(source), rules());
        return new FetchedSource.Local(source, selection, contextDigests.of(selection, false));
    }

    private SourceRules rules() {
        return new SourceRules(copy.rules().exclusion(), copy.rules().parents());
    }

    @Override
    public List<Input> contents() {
        return sources.stream().map(FetchedSource::input).toList();
    }

    @Override
    public boolean bound() {
        return bound;
    }

    @Override
    public SnapshotId perform(CacheKey key, StepRun run) {
        return told(() -> {
            try (StagingFolders.Folder folder = fetched.staging().open()) {
                List<Selection.Source> selected = new ArrayList<>();
                for (FetchedSource source : sources) {
                    selected.addAll(bring(source, folder, run));
                }
                Selection selection = new Selection(selected, false);
                Consumer<Path> body = rootfs ->
                        new Transfer(copy, step.step(), rootfs, workspace.latest(), Optional.empty()).copy(selection);
                return copy.rules().link()
                        ? workspace.makeAlone(run.lease(), step.parent().snapshot(), body)
                        : workspace.make(run.lease(), step.parent().snapshot(), body);
            } catch (IOException failure) {
                throw StorageFailure.of("cannot keep what was fetched", failure);
            }
        });
    }

    private List<Selection.Source> bring(FetchedSource source, StagingFolders.Folder folder, StepRun run)
            throws IOException {
        return switch (source) {
            case FetchedSource.Local local -> local.selection().sources();
            case FetchedSource.File file ->
                List.of(file.bring(fetched.downloads(), lease, folder, run.output()::transferred));
            case FetchedSource.Repository repository ->
                new FileTree(
                                repository.bring(fetched.repositories(), folder, run.output()::transferred),
                                IgnorePatterns.none(),
                                "the git repository "
                                        + repository.commit().url().remote())
                        .select(List.of("/"), rules())
                        .sources();
        };
    }

    /** Says of a failure which instruction it belongs to. */
    private <T> T told(Supplier<T> work) {
        Step step = this.step.step();
        try {
            return work.get();
        } catch (DockerfileException | CancelledException | BuildException known) {
            throw known;
        } catch (NotFoundException | InvalidInputException | UnsupportedException failure) {
            throw step.refused(failure.getMessage());
        } catch (WherryException failure) {
            throw step.failed(failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        lease.close();
    }
}
