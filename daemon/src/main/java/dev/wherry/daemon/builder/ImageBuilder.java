package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.cache.CacheMounts;
import dev.wherry.daemon.builder.cache.CacheStore;
import dev.wherry.daemon.builder.cache.remote.CacheImports;
import dev.wherry.daemon.builder.cache.remote.RemoteCaches;
import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.context.ContentDigests;
import dev.wherry.daemon.builder.context.ContextTrees;
import dev.wherry.daemon.builder.context.DigestFiles;
import dev.wherry.daemon.builder.context.FileTree;
import dev.wherry.daemon.builder.context.NamedContexts;
import dev.wherry.daemon.builder.copy.FetchedFiles;
import dev.wherry.daemon.builder.copy.FileCopies;
import dev.wherry.daemon.builder.copy.ReadTrace;
import dev.wherry.daemon.builder.copy.RecentCopies;
import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.explain.BuildHistory;
import dev.wherry.daemon.builder.explain.Recording;
import dev.wherry.daemon.builder.export.CacheExporter;
import dev.wherry.daemon.builder.export.Difference;
import dev.wherry.daemon.builder.export.ExportedImage;
import dev.wherry.daemon.builder.export.Exporter;
import dev.wherry.daemon.builder.export.ImageAssembly;
import dev.wherry.daemon.builder.export.Output;
import dev.wherry.daemon.builder.export.OutputReceiver;
import dev.wherry.daemon.builder.export.OutputWriter;
import dev.wherry.daemon.builder.export.PlatformResult;
import dev.wherry.daemon.builder.export.Verification;
import dev.wherry.daemon.builder.plan.BaseImages;
import dev.wherry.daemon.builder.plan.PlanGraph;
import dev.wherry.daemon.builder.plan.Planner;
import dev.wherry.daemon.builder.plan.Plans;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.report.DockerfileReport;
import dev.wherry.daemon.builder.run.BindSources;
import dev.wherry.daemon.builder.run.BuildClient;
import dev.wherry.daemon.builder.run.ClientAgents;
import dev.wherry.daemon.builder.run.RunProcesses;
import dev.wherry.daemon.builder.run.StepNetworks;
import dev.wherry.daemon.builder.shell.FailureShell;
import dev.wherry.daemon.builder.shell.StepShells;
import dev.wherry.daemon.builder.solver.FailurePause;
import dev.wherry.daemon.builder.solver.InFlight;
import dev.wherry.daemon.builder.solver.RemoteSteps;
import dev.wherry.daemon.builder.solver.SnapshotDigests;
import dev.wherry.daemon.builder.solver.Solver;
import dev.wherry.daemon.builder.solver.StepCache;
import dev.wherry.daemon.builder.solver.Workspace;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.host.Machine;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.pull.LayoutImages;
import dev.wherry.daemon.image.pull.Puller;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.daemon.runtime.StepRunner;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Builds an image from open contexts. A build reads its Dockerfile, plans what the target needs, solves the plan step by
 * step with the help of the cache, and publishes the image in one transaction. A build that fails or is cancelled
 * publishes nothing, but its finished steps stay in the cache. Any number of builds may run at once.
 */
@Singleton
final class ImageBuilder {

    private static final long BYTES_PER_PROCESS = 256L << 20;

    private final ImageStore images;
    private final Puller puller;
    private final LayoutImages layouts;
    private final Snapshotter snapshotter;
    private final CacheStore cache;
    private final Leases leases;
    private final Workspace workspace;
    private final StepRunner runner;
    private final StepNetworks networks;
    private final InFlight inFlight;
    private final DigestFiles digestFiles;
    private final SnapshotDigests snapshotDigests;
    private final CacheMounts cacheMounts;
    private final FetchedFiles fetchedFiles;
    private final OutputWriter writer;
    private final BuildHistory history;
    private final Housekeeping housekeeping;
    private final RecentCopies recentCopies;
    private final ClientAgents clientAgents;
    private final ContentStore content;
    private final Registries registries;
    private final CacheImports cacheImports;
    private final CacheExporter cacheExporter;
    private final StepShells shells;

    private final Semaphore slots = new Semaphore(slots(), true);

    ImageBuilder(
            ImageStore images,
            Puller puller,
            LayoutImages layouts,
            Snapshotter snapshotter,
            CacheStore cache,
            Leases leases,
            Workspace workspace,
            StepRunner runner,
            StepNetworks networks,
            InFlight inFlight,
            DigestFiles digestFiles,
            SnapshotDigests snapshotDigests,
            CacheMounts cacheMounts,
            FetchedFiles fetchedFiles,
            OutputWriter writer,
            BuildHistory history,
            Housekeeping housekeeping,
            RecentCopies recentCopies,
            ClientAgents clientAgents,
            ContentStore content,
            Registries registries,
            CacheImports cacheImports,
            CacheExporter cacheExporter,
            StepShells shells) {
        this.images = images;
        this.puller = puller;
        this.layouts = layouts;
        this.snapshotter = snapshotter;
        this.cache = cache;
        this.leases = leases;
        this.workspace = workspace;
        this.runner = runner;
        this.networks = networks;
        this.inFlight = inFlight;
        this.digestFiles = digestFiles;
        this.snapshotDigests = snapshotDigests;
        this.cacheMounts = cacheMounts;
        this.fetchedFiles = fetchedFiles;
        this.writer = writer;
        this.history = history;
        this.housekeeping = housekeeping;
        this.recentCopies = recentCopies;
        this.clientAgents = clientAgents;
        this.content = content;
        this.registries = registries;
        this.cacheImports = cacheImports;
        this.cacheExporter = cacheExporter;
        this.shells = shells;
    }

    /**
     * Builds an image.
     *
     * @param context the files that the build may copy
     * @param named further files, and replacements of stages and images
     * @param clients the client's side of a directory, by the name of its context
     * @param client gives secrets and agents to steps while they run
     * @param receiver takes the outputs that are for the client
     * @throws InvalidInputException when the Dockerfile, an option, or something that an instruction names is wrong
     * @throws CancelledException when the calling thread was interrupted
     */
    BuildResult build(
            BuildContext context,
            NamedContexts named,
            BuildOptions given,
            NumberedProgress progress,
            Function<String, ContextClient> clients,
            BuildClient client,
            Recording recording,
            OutputReceiver receiver) {
        ContextTrees trees = new ContextTrees(digestFiles);
        DockerfileText text = DockerfileText.NOTHING;
        try (Housekeeping.Busy busy = housekeeping.building();
                Lease lease = leases.open()) {
            List<Reference> tags =
                    given.output().tags().stream().map(ImageBuilder::tag).toList();
            text = DockerfileText.of(context, given);
            Dockerfile dockerfile = text.parse(given, progress);
            FetchedFiles fetched = fetchedFiles.with(clientAgents.of(client));
            BuildOptions options =
                    new SourceDateArgument(dockerfile, given).resolve(context.date(), named, fetched::time);
            Function<Reference, RegistryLogins> logins =
                    reference -> client.logins(registries.hosts(reference.repositoryName()));
            BaseImages bases = new BaseImages(
                    images, puller, layouts, snapshotter, lease, options.cache().pull(), logins, progress);
            Workspace workspace = this.workspace.dated(options.output().date().latestOfFiles());
            ReadTrace reads = new ReadTrace(recording);
            FileTree tree = new FileTree(context.root(), context.ignored(options.ignoreFiles()), context.description());
            ContentDigests digests = context.digests(digestFiles);
            FileCopies copies =
                    new FileCopies(workspace, tree, digests, snapshotDigests, trees, fetched, reads, recentCopies);
            BindSources binds = new BindSources(workspace, tree, digests, snapshotDigests);
            FailurePause pause = new FailurePause();
            RunProcesses processes = new RunProcesses(
                    workspace,
                    runner,
                    slots,
                    binds,
                    cacheMounts,
                    client,
                    reads,
                    networks,
                    new FailureShell(shells, pause, options.run().shellOnFailure()));
            PlatformPlanner platforms = new PlatformPlanner(
                    options,
                    (platform, planOptions, numbers) ->
                            new Planner(dockerfile, planOptions, bases, named, platform, numbers, copies, processes));
            Planner planner = platforms.first();
            DockerfileReport report = text.report(dockerfile, context, options, planner::baseConfig, () -> planner);
            Plans plans = plan(platforms, report, progress);
            report.checkBuild(progress);
            recording.planned(new PlanGraph(plans.tops()));
            progress.planned(plans.steps(), plans.last());
            long began = System.nanoTime();
            BuildAttestations attestations =
                    new BuildAttestations(options, context, text, recording.ref(), workspace, Instant.now());
            RemoteCaches shared = options.cache().noCache()
                    ? RemoteCaches.NONE
                    : cacheImports.read(
                            options.cache().from(),
                            clients,
                            logins,
                            lease,
                            (title, read) -> progress.step(Step.of(title)).during(read));
            Solver solver = solver(workspace, options, progress, recording, lease, plans, shared, pause);
            solver.solve(plans.tops());
            if (options.output().verify()) {
                Optional<Difference> difference =
                        verify(context, workspace, options, progress, lease, plans, solver, began, pause);
                if (difference.isPresent()) {
                    return new BuildResult(
                            ExportedImage.NOTHING, difference, List.of(), 0, plans.steps(), solver.saved());
                }
            }
            ExportedImage product = new Exporter(images, writer, workspace, options.output(), progress)
                    .export(
                            plans.all().stream()
                                    .map(plan -> new PlatformResult(
                                            plan.platform(),
                                            () -> solver.result(plan.top()).snapshot(),
                                            () -> new ImageAssembly(
                                                            images,
                                                            snapshotter,
                                                            content,
                                                            options.output(),
                                                            options.cache().hasInline()
                                                                    ? Optional.of(cache)
                                                                    : Optional.empty())
                                                    .draft(plan, solver, lease),
                                            () -> attestations.of(
                                                    plan,
                                                    solver.result(plan.top()).snapshot())))
                                    .toList(),
                            tags,
                            receiver);
            cacheExporter.export(
                    new CacheExporter.Built(plans.tops(), solver, lease),
                    options.cache().to(),
                    receiver,
                    logins,
                    progress);
            solver.tellUnneeded();
            cache.touch(solver.hits());
            List<String> stored = options.output().outputs().stream().anyMatch(Output.Image.class::isInstance)
                    ? product.names().stream().map(Reference::familiar).toList()
                    : List.of();
            return new BuildResult(
                    product, Optional.empty(), stored, solver.cachedSteps(), plans.steps(), solver.saved());
        } catch (DockerfileException failure) {
            throw text.located(failure, given);
        } finally {
            context.save(digestFiles);
            trees.save();
        }
    }

    private static Plans plan(PlatformPlanner platforms, DockerfileReport report, BuildProgress progress) {
        try {
            return platforms.plan(progress);
        } catch (DockerfileException failure) {
            report.warn(progress);
            throw failure;
        }
    }

    /**
     * How many processes of all builds may run at once. They spend much of their time waiting, so more of them than
     * processors may run; a host with little memory runs fewer.
     */
    private static int slots() {
        int byProcessors = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
        return (int) Math.clamp(Machine.read().memoryBytes() / BYTES_PER_PROCESS, 1, byProcessors);
    }

    /** Builds again, and says in what that differs. */
    private Optional<Difference> verify(
            BuildContext context,
            Workspace workspace,
            BuildOptions options,
            BuildProgress progress,
            Lease lease,
            Plans plans,
            Solver first,
            long firstBegan,
            FailurePause pause) {
        Verification.moveApart(firstBegan);
        Recording unheard = history.begin(HistoryRecorder.project(context, options), Optional.empty(), (_, _) -> {});
        unheard.planned(new PlanGraph(plans.tops()));
        BuildProgress again = new VerificationProgress(progress);
        Solver second = solver(workspace, options, again, unheard, lease, plans, RemoteCaches.NONE, pause);
        second.solve(plans.tops());
        return plans.all().stream()
                .flatMap(plan -> new Verification(snapshotter, plan).compare(first, second).stream())
                .findFirst();
    }

    private static Reference tag(String text) {
        Reference reference = Reference.parse(text);
        if (reference.digest().isPresent()) {
            throw new InvalidInputException("cannot tag an image as \"" + text + "\": a tag has no digest");
        }
        return reference;
    }

    private Solver solver(
            Workspace workspace,
            BuildOptions options,
            BuildProgress progress,
            Recording recording,
            Lease lease,
            Plans plans,
            RemoteCaches shared,
            FailurePause pause) {
        StepCache known = new StepCache(
                cache,
                snapshotter,
                new RemoteSteps(shared, snapshotter, content, options.explain().all()),
                lease,
                options.cache().noCache() || options.output().verify(),
                plans.uncachedStages());
        return new Solver(workspace, known, inFlight, progress, recording, plans.following(), pause);
    }
}
