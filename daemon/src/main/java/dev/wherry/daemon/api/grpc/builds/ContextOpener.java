package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.context.SharedDirectory;
import dev.wherry.daemon.builder.context.SyncedContexts;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.run.BuildClient;
import dev.wherry.daemon.builder.run.ClientAgents;
import dev.wherry.daemon.builder.source.FetchedContexts;
import dev.wherry.daemon.builder.source.TransferListener;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.LocalContext;
import jakarta.inject.Singleton;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Opens the build contexts that a client names: in place where the daemon sees the same files, fetched else. */
@Singleton
final class ContextOpener {

    /** The steps of Dockerfiles begin at 1. */
    private static final int STEP = 0;

    private static final String IGNORE_FILE = ".dockerignore";

    private final SyncedContexts synced;
    private final FetchedContexts fetched;
    private final ClientAgents agents;

    ContextOpener(SyncedContexts synced, FetchedContexts fetched, ClientAgents agents) {
        this.synced = synced;
        this.fetched = fetched;
        this.agents = agents;
    }

    /**
     * A context that stays as it is until it is closed.
     *
     * @param dockerfile the Dockerfile, when the daemon had to ask for it or found nothing else
     */
    record Opened(BuildContext context, Optional<byte[]> dockerfile, Runnable release) implements AutoCloseable {

        @Override
        public void close() {
            release.run();
        }
    }

    /** The main context of a build. */
    Opened open(BuildOptions options, RemoteContext client, BuildClient steps, BuildProgress progress)
            throws InterruptedException {
        if (options.getArchiveContext()) {
            return fetch(
                    STEP,
                    progress,
                    "[internal] load build context",
                    arrival -> fetched.unpack(client.archive(arrival)));
        }
        if (!options.getRemoteContext().isEmpty()) {
            String address = options.getRemoteContext();
            return fetch(
                    STEP,
                    progress,
                    "[internal] load " + address,
                    arrival -> fetched.with(agents.of(steps)).fetch(address, arrival));
        }
        if (!options.hasContext()) {
            return new Opened(BuildContext.shared(synced.none()), Optional.empty(), () -> {});
        }
        Optional<Path> shared = shared(options.getContext());
        if (shared.isPresent()) {
            return new Opened(BuildContext.shared(shared.get()), Optional.empty(), () -> {});
        }
        Optional<byte[]> dockerfile = options.getDockerfileContent().isEmpty()
                ? Optional.of(client.dockerfile(BuildMessages.dockerfileName(options)))
                : Optional.empty();
        SyncedContexts.Copy copy = synced.sync(
                options.getContext().getPath(),
                BuildMessages.options(options, dockerfile).ignoreFiles(),
                client);
        return new Opened(synced(options.getContext(), copy), dockerfile, copy::close);
    }

    /** The contexts beside the main one; local ones that have to be sent are sent when they are first used. */
    OpenContexts named(
            BuildOptions options, Function<String, RemoteContext> clients, BuildClient steps, BuildProgress progress) {
        return new OpenContexts(options.getNamedContextsList(), context -> {
            String name = context.getName();
            if (context.hasUrl()) {
                String title = "[internal] load " + name + " from " + context.getUrl();
                Opened opened = fetch(
                        -options.getNamedContextsList().indexOf(context) - 1,
                        progress,
                        title,
                        arrival -> fetched.with(agents.of(steps)).fetch(context.getUrl(), arrival));
                if (opened.dockerfile().isPresent()) {
                    opened.close();
                    throw new InvalidInputException(
                            "the build context \"" + name + "\" is no archive: " + context.getUrl());
                }
                return opened;
            }
            LocalContext local = context.hasLayout() ? context.getLayout().getDirectory() : context.getLocal();
            return local(local, clients.apply(name));
        });
    }

    private Opened local(LocalContext local, RemoteContext client) {
        Optional<Path> shared = shared(local);
        if (shared.isPresent()) {
            return new Opened(BuildContext.shared(shared.get()), Optional.empty(), () -> {});
        }
        try {
            // A copy of its own: the main context may be the same directory, seen through another ignore file.
            SyncedContexts.Copy copy = synced.sync("named " + local.getPath(), List.of(IGNORE_FILE), client);
            return new Opened(synced(local, copy), Optional.empty(), copy::close);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        }
    }

    private static BuildContext synced(LocalContext local, SyncedContexts.Copy copy) {
        return new BuildContext(copy.root(), "the build context " + local.getPath(), BuildContext.Origin.SYNCED);
    }

    private static Optional<Path> shared(LocalContext local) {
        try {
            return new SharedDirectory(
                            Path.of(local.getPath()), local.getMountNamespace(), local.getDevice(), local.getInode())
                    .verify();
        } catch (InvalidPathException malformed) {
            throw new InvalidInputException("the path of the build context has a NUL in it");
        }
    }

    private static Opened fetch(
            int id, BuildProgress progress, String name, Function<TransferListener, FetchedContexts.Fetched> fetching) {
        Step step = new Step(id, "", name, new Position("", 1, 1, 1), name);
        long start = System.nanoTime();
        progress.started(step, false);
        try {
            FetchedContexts.Fetched fetched =
                    fetching.apply((item, current, total) -> progress.transferred(step, item, current, total));
            progress.done(step, Duration.ofNanos(System.nanoTime() - start), Optional.empty());
            return new Opened(fetched.context(), fetched.dockerfile(), fetched::close);
        } catch (RuntimeException failure) {
            progress.done(
                    step,
                    Duration.ofNanos(System.nanoTime() - start),
                    Optional.of(String.valueOf(failure.getMessage())));
            throw failure;
        }
    }
}
