package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.builder.cache.actions.ActionsAccess;
import dev.wherry.daemon.builder.cache.actions.ActionsServices;
import dev.wherry.daemon.builder.context.SyncedContexts;
import dev.wherry.daemon.content.BlobProvider;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RemoteRepository;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads the records of the caches that a build names. A cache that cannot be read is reported, and left out. */
@Singleton
public final class CacheImports {

    private final Registries registries;
    private final ActionsServices actions;
    private final ContentStore content;

    CacheImports(Registries registries, ActionsServices actions, ContentStore content) {
        this.registries = registries;
        this.actions = actions;
        this.content = content;
    }

    /** Reports the reading of a cache as a step of the build. */
    @FunctionalInterface
    public interface Reporter {
        RemoteCache report(String title, Supplier<RemoteCache> read);
    }

    /**
     * Reads all caches side by side.
     *
     * @param clients the client's side of a directory, by the name of its context
     * @param logins asked for those at a cache's registry before it is read
     * @param lease holds what is read
     */
    public RemoteCaches read(
            List<CacheSource> sources,
            Function<String, ? extends SyncedContexts.Client> clients,
            Function<Reference, RegistryLogins> logins,
            Lease lease,
            Reporter reporter) {
        if (sources.isEmpty()) {
            return RemoteCaches.NONE;
        }
        ReentrantLock asking = new ReentrantLock();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<RemoteCache>>> reads = new ArrayList<>();
            for (CacheSource source : sources) {
                reads.add(threads.submit(() -> read(source, clients, logins, asking, lease, reporter)));
            }
            List<RemoteCache> caches = new ArrayList<>();
            for (Future<Optional<RemoteCache>> read : reads) {
                read.get().ifPresent(caches::add);
            }
            return new RemoteCaches(caches);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(failure.getCause());
        }
    }

    private Optional<RemoteCache> read(
            CacheSource source,
            Function<String, ? extends SyncedContexts.Client> clients,
            Function<Reference, RegistryLogins> logins,
            ReentrantLock asking,
            Lease lease,
            Reporter reporter) {
        try {
            return Optional.of(reporter.report(
                    "importing cache manifest from " + source.name(),
                    () -> read(source, clients, logins, asking, lease)));
        } catch (CancelledException cancelled) {
            throw cancelled;
        } catch (WherryException unusable) {
            // Its step has told why.
            return Optional.empty();
        }
    }

    private RemoteCache read(
            CacheSource source,
            Function<String, ? extends SyncedContexts.Client> clients,
            Function<Reference, RegistryLogins> logins,
            ReentrantLock asking,
            Lease lease) {
        return switch (source) {
            case CacheSource.Registry(Reference reference) -> {
                RemoteRepository remote = registries.open(reference.repositoryName(), logins.apply(reference));
                yield read(
                        source,
                        remote::fetch,
                        remote.manifest(reference.selector()).bytes(),
                        lease);
            }
            case CacheSource.Actions(ActionsAccess access) -> {
                ActionsCache cache = new ActionsCache(actions.open(access), content);
                yield new CacheReader(source.name(), cache, content, lease).readDescribed(cache.configs());
            }
            case CacheSource.Folder folder -> {
                FolderFiles files = FolderFiles.of(folder.directory(), clients.apply(folder.context()), asking);
                FolderCache cache = new FolderCache(source.name(), files, content);
                yield read(source, cache, cache.manifest(folder.selector()), lease);
            }
        };
    }

    private RemoteCache read(CacheSource source, BlobProvider blobs, byte[] manifest, Lease lease) {
        return new CacheReader(source.name(), blobs, content, lease).read(manifest);
    }
}
