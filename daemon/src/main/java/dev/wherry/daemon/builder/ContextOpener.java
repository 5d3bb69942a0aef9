package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.context.ContextSource;
import dev.wherry.daemon.builder.context.SharedDirectory;
import dev.wherry.daemon.builder.context.SyncedContexts;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepProgress;
import dev.wherry.daemon.builder.run.BuildClient;
import dev.wherry.daemon.builder.run.ClientAgents;
import dev.wherry.daemon.builder.source.FetchedContexts;
import dev.wherry.daemon.builder.source.TransferListener;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Opens the build contexts that a client names. A directory that is the same for client and daemon is read in place; any
 * other directory is synced from the client, and what has an address is fetched.
 */
@Singleton
final class ContextOpener {

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

        private static Opened inPlace(BuildContext context) {
            return new Opened(context, Optional.empty(), () -> {});
        }

        @Override
        public void close() {
            release.run();
        }
    }

    /** The main context of a build. */
    Opened main(BuildRequest request, ContextClient client, BuildClient steps, BuildProgress progress) {
        return switch (request.context()) {
            case ContextSource.Archive _ ->
                fetch(progress, "[internal] load build context", arrival -> fetched.unpack(client.archive(arrival)));
            case ContextSource.Address(String url) -> fetch(progress, "[internal] load " + url, url, steps);
            case ContextSource.Nothing _ -> Opened.inPlace(BuildContext.shared(synced.none()));
            case ContextSource.Directory(SharedDirectory directory) -> main(directory, request.options(), client);
        };
    }

    private Opened main(SharedDirectory directory, BuildOptions options, ContextClient client) {
        return inPlace(directory)
                .orElseGet(() -> interruptibly(() -> {
                    Optional<String> dockerfile = Optional.of(options.dockerfile())
                            .filter(_ -> options.dockerfileContent().isEmpty());
                    SyncedContexts.Copy copy = synced.sync(
                            directory.path().toString(),
                            new SyncedContexts.Question(dockerfile, options.ignoreFiles()),
                            client);
                    return new Opened(synced(directory, copy), copy.dockerfile(), copy::close);
                }));
    }

    /** The contexts beside the main one; each is opened when the Dockerfile first names it. */
    OpenContexts named(
            BuildRequest request, Function<String, ContextClient> clients, BuildClient steps, BuildProgress progress) {
        return new OpenContexts(request.named(), (name, source) -> switch (source) {
            case ContextSource.Address(String url) -> address(name, url, steps, progress);
            case ContextSource.Directory(SharedDirectory directory) -> named(directory, clients.apply(name));
            case ContextSource.Layout(SharedDirectory directory, String _) -> named(directory, clients.apply(name));
            case ContextSource.Archive _, ContextSource.Image _, ContextSource.Nothing _ ->
                throw new InvalidInputException("the build context \"" + name + "\" has no files");
        });
    }

    private Opened address(String name, String url, BuildClient steps, BuildProgress progress) {
        Opened opened = fetch(progress, "[internal] load " + name + " from " + url, url, steps);
        if (opened.dockerfile().isPresent()) {
            opened.close();
            throw new InvalidInputException("the build context \"" + name + "\" is no archive: " + url);
        }
        return opened;
    }

    private Opened named(SharedDirectory directory, ContextClient client) {
        return inPlace(directory)
                .orElseGet(() -> interruptibly(() -> {
                    // A copy of its own: the main context may be the same directory, seen through another ignore file.
                    SyncedContexts.Copy copy = synced.sync(
                            "named " + directory.path(),
                            new SyncedContexts.Question(Optional.empty(), List.of(IGNORE_FILE)),
                            client);
                    return new Opened(synced(directory, copy), Optional.empty(), copy::close);
                }));
    }

    private static Optional<Opened> inPlace(SharedDirectory directory) {
        return directory.verify().map(path -> Opened.inPlace(BuildContext.shared(path)));
    }

    private static BuildContext synced(SharedDirectory directory, SyncedContexts.Copy copy) {
        return new BuildContext(copy.root(), "the build context " + directory.path(), BuildContext.Origin.SYNCED);
    }

    private interface Sync {
        Opened open() throws InterruptedException;
    }

    private static Opened interruptibly(Sync sync) {
        try {
            return sync.open();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        }
    }

    private Opened fetch(BuildProgress progress, String title, String url, BuildClient steps) {
        return fetch(progress, title, arrival -> fetched.with(agents.of(steps)).fetch(url, arrival));
    }

    private static Opened fetch(
            BuildProgress progress, String title, Function<TransferListener, FetchedContexts.Fetched> fetching) {
        StepProgress step = progress.step(Step.of(title));
        FetchedContexts.Fetched fetched = step.during(() -> fetching.apply(step::transferred));
        return new Opened(fetched.context(), fetched.dockerfile(), fetched::close);
    }
}
