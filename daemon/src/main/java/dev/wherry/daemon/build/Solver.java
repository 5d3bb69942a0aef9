package dev.wherry.daemon.build;

import dev.wherry.daemon.build.cache.CacheKey;
import dev.wherry.daemon.build.cache.CacheRecord;
import dev.wherry.daemon.build.cache.CacheStore;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Solves the graph of one build: a memoized function from a vertex to its result. Parents are solved first, those that
 * do not need each other at once. A vertex is looked up in the cache, and done when it is not there. The first failure
 * ends all.
 */
final class Solver {

    private final StepWork work;
    private final CacheStore cache;
    private final InFlight inFlight;
    private final Lease lease;
    private final boolean noCache;
    private final BuildProgress progress;
    private final Map<Integer, List<Step>> following;
    private final Map<Vertex, FutureTask<Solved>> tasks = Collections.synchronizedMap(new IdentityHashMap<>());
    private final Queue<CacheKey> hits = new ConcurrentLinkedQueue<>();
    private final AtomicInteger cachedSteps = new AtomicInteger();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Solver(
            StepWork work,
            CacheStore cache,
            InFlight inFlight,
            Lease lease,
            boolean noCache,
            BuildProgress progress,
            Map<Integer, List<Step>> following) {
        this.work = work;
        this.cache = cache;
        this.inFlight = inFlight;
        this.lease = lease;
        this.noCache = noCache;
        this.progress = progress;
        this.following = following;
    }

    /**
     * The result of a vertex and, on the way, of all below it. When it returns or throws, no step runs any more.
     *
     * @throws CancelledException when the calling thread was interrupted
     */
    Solved solve(Vertex top) {
        try (threads) {
            try {
                return join(fork(top));
            } finally {
                threads.shutdownNow();
            }
        } catch (RuntimeException any) {
            throw failure.get() == null ? any : failure.get();
        }
    }

    /** The result of a vertex that has been solved. */
    Solved result(Vertex vertex) {
        return tasks.get(vertex).resultNow();
    }

    int cachedSteps() {
        return cachedSteps.get();
    }

    /** The keys of the records that were used. */
    Queue<CacheKey> hits() {
        return hits;
    }

    private FutureTask<Solved> fork(Vertex vertex) {
        FutureTask<Solved> task = new FutureTask<>(() -> computeOrFail(vertex));
        FutureTask<Solved> earlier = tasks.putIfAbsent(vertex, task);
        if (earlier != null) {
            return earlier;
        }
        try {
            threads.execute(task);
        } catch (RejectedExecutionException ended) {
            task.cancel(false);
            throw cancelled();
        }
        return task;
    }

    private static Solved join(FutureTask<Solved> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(failed.getCause());
        }
    }

    private static CancelledException cancelled() {
        return new CancelledException("the build was cancelled");
    }

    private Solved computeOrFail(Vertex vertex) {
        try {
            return compute(vertex);
        } catch (RuntimeException failed) {
            failure.compareAndSet(null, failed);
            threads.shutdownNow();
            throw failed;
        }
    }

    private Solved compute(Vertex vertex) {
        Solved solved = switch (vertex) {
            case Vertex.Scratch scratch -> scratch(scratch);
            case Vertex.Base base -> base(base);
            case Vertex.Workdir workdir -> step(workdir, join(fork(workdir.parent())), Optional.empty());
            case Vertex.Run run -> step(run, join(fork(run.parent())), Optional.empty());
            case Vertex.Copy copy -> {
                Optional<FutureTask<Solved>> source = copy.from().map(this::fork);
                Solved parent = join(fork(copy.parent()));
                yield step(copy, parent, source.map(Solver::join));
            }
        };
        if (!(vertex instanceof Vertex.Base base && base.source())) {
            following.getOrDefault(vertex.step().id(), List.of()).forEach(step -> tell(step, solved.cached()));
        }
        return solved;
    }

    private void tell(Step step, boolean cached) {
        if (cached) {
            cachedSteps.incrementAndGet();
        }
        progress.started(step, cached);
        progress.done(step, Duration.ZERO, Optional.empty());
    }

    private Solved scratch(Vertex.Scratch scratch) {
        tell(scratch.step(), true);
        return given(Optional.empty(), StepKeys.scratch());
    }

    private Solved base(Vertex.Base base) {
        if (!base.pulled() && !base.source()) {
            tell(base.step(), true);
        }
        return given(base.image().snapshot(), StepKeys.base(base.image()));
    }

    private static Solved given(Optional<SnapshotId> snapshot, Digest key) {
        return new Solved(snapshot, new CacheKey(key, key), true, Optional.empty());
    }

    private Solved step(Vertex vertex, Solved parent, Optional<Solved> source) {
        long start = System.nanoTime();
        try (StepWork.Prepared prepared = prepare(vertex, parent, source, start)) {
            Optional<Solved> hit = lookup(vertex, prepared.key(), parent);
            if (hit.isPresent()) {
                return hit.get();
            }
            return inFlight.once(
                    prepared.key(),
                    parent.snapshot(),
                    () -> lookup(vertex, prepared.key(), parent)
                            .orElseGet(() -> perform(vertex, parent, prepared, start)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled();
        }
    }

    private StepWork.Prepared prepare(Vertex vertex, Solved parent, Optional<Solved> source, long start) {
        try {
            return work.prepare(vertex, parent, source);
        } catch (RuntimeException failed) {
            progress.started(vertex.step(), false);
            throw ended(vertex, start, failed);
        }
    }

    private Optional<Solved> lookup(Vertex vertex, CacheKey key, Solved parent) {
        if (noCache) {
            return Optional.empty();
        }
        return cache.find(lease, key, parent.snapshot()).map(record -> {
            hits.add(key);
            tell(vertex.step(), true);
            return solved(key, record, true);
        });
    }

    private Solved perform(Vertex vertex, Solved parent, StepWork.Prepared prepared, long start) {
        progress.started(vertex.step(), false);
        try {
            SnapshotId snapshot = prepared.perform();
            CacheRecord record = cache.put(prepared.key(), snapshot, prepared.summary());
            progress.done(vertex.step(), since(start), Optional.empty());
            return solved(prepared.key(), record, false);
        } catch (RuntimeException failed) {
            throw ended(vertex, start, failed);
        }
    }

    private RuntimeException ended(Vertex vertex, long start, RuntimeException failed) {
        progress.done(vertex.step(), since(start), Optional.of(String.valueOf(failed.getMessage())));
        return failed;
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static Solved solved(CacheKey key, CacheRecord record, boolean cached) {
        return new Solved(Optional.of(record.snapshot()), key, cached, Optional.of(record.createdAt()));
    }
}
