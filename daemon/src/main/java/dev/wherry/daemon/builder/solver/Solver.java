package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.cache.CacheRecord;
import dev.wherry.daemon.builder.cache.remote.RemoteRecord;
import dev.wherry.daemon.builder.explain.CacheMiss;
import dev.wherry.daemon.builder.explain.Recording;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepProgress;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Solves the graph of one build: a memoized function from a vertex to its result. Parents are solved first, those that
 * do not need each other at once. A vertex is looked up in the cache, and done when it is not there. The first failure
 * ends all.
 */
public final class Solver {

    private final Workspace workspace;
    private final StepCache cache;
    private final InFlight inFlight;
    private final BuildProgress progress;
    private final Recording recording;
    private final Map<Vertex, List<Step>> following;
    private final FailurePause pause;
    private final Map<Vertex, FutureTask<Solved>> tasks = Collections.synchronizedMap(new IdentityHashMap<>());
    private final Queue<CacheKey> hits = new ConcurrentLinkedQueue<>();
    private final LongAdder saved = new LongAdder();
    /** Steps done without the cache, kept for other such builds until this one ends. */
    private final Queue<SharedStep.Member> joined = new ConcurrentLinkedQueue<>();

    /** Steps that a shared cache knows without their files: cached, unless their files turn out to be needed. */
    private final Queue<Deferred> deferred = new ConcurrentLinkedQueue<>();

    private final AtomicInteger cachedSteps = new AtomicInteger();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public Solver(
            Workspace workspace,
            StepCache cache,
            InFlight inFlight,
            BuildProgress progress,
            Recording recording,
            Map<Vertex, List<Step>> following,
            FailurePause pause) {
        this.workspace = workspace;
        this.cache = cache;
        this.inFlight = inFlight;
        this.progress = progress;
        this.recording = recording;
        this.following = following;
        this.pause = pause;
    }

    /**
     * Finds the results of vertices and of all below them. When it returns or throws, no step runs any more.
     *
     * @throws CancelledException when the calling thread was interrupted
     */
    public void solve(List<Vertex> tops) {
        try (threads) {
            try {
                tops.stream().map(this::fork).toList().forEach(Solver::join);
            } finally {
                threads.shutdownNow();
            }
        } catch (RuntimeException any) {
            throw failure.get() == null ? any : failure.get();
        } finally {
            joined.forEach(SharedStep.Member::leave);
        }
    }

    private record Deferred(Vertex.Derived vertex, Solved solved, RemoteRecord record) {}

    /** Reports the steps as cached whose files nobody needed; called when the result has been made use of. */
    public void tellUnneeded() {
        for (Deferred one = deferred.poll(); one != null; one = deferred.poll()) {
            if (!one.solved().isHere()) {
                saved.add(one.record().duration().toNanos());
                tellShared(one.vertex().step(), one.record());
            }
        }
    }

    /** The result of a vertex that has been solved. */
    public Solved result(Vertex vertex) {
        return tasks.get(vertex).resultNow();
    }

    public int cachedSteps() {
        return cachedSteps.get();
    }

    /** How long the steps took, when they ran, that were now taken from the cache. */
    public Duration saved() {
        return Duration.ofNanos(saved.sum());
    }

    /** The keys of the records that were used. */
    public Queue<CacheKey> hits() {
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
            failure.compareAndSet(null, pause.end(failed));
            threads.shutdownNow();
            throw failed;
        }
    }

    private Solved compute(Vertex vertex) {
        Solved solved = switch (vertex) {
            case Vertex.Source source -> source(source);
            case Vertex.Derived derived -> {
                List<FutureTask<Solved>> sources =
                        derived.sources().stream().map(this::fork).toList();
                Solved parent = join(fork(derived.parent()));
                yield step(derived, parent, sources.stream().map(Solver::join).toList());
            }
        };
        if (!vertex.isExternal()) {
            following.getOrDefault(vertex, List.of()).forEach(step -> tell(step, solved.cached()));
        }
        return solved;
    }

    private void tell(Step step, boolean cached) {
        if (cached) {
            cachedSteps.incrementAndGet();
        }
        StepProgress handle = progress.step(step);
        if (cached) {
            handle.cached();
        } else {
            handle.started();
        }
        handle.ended(Duration.ZERO, Optional.empty());
    }

    /** Reports a step that was taken from a shared cache. */
    private void tellShared(Step step, RemoteRecord record) {
        cachedSteps.incrementAndGet();
        StepProgress handle = progress.step(step);
        handle.cached();
        cache.origin(record)
                .ifPresent(text ->
                        handle.output(BuildProgress.Stream.STDOUT, (text + "\n").getBytes(StandardCharsets.UTF_8)));
        handle.ended(Duration.ZERO, Optional.empty());
    }

    private Solved source(Vertex.Source source) {
        Digest digest = workspace.beginning(source.key());
        CacheKey key = new CacheKey(digest, digest);
        if (!source.external()) {
            if (!source.reported()) {
                tell(source.step(), true);
            }
            found(source, key);
        }
        return Solved.stored(source.image().flatMap(Image::snapshot), key, true, Optional.empty());
    }

    private void found(Vertex vertex, CacheKey key) {
        recording.found(vertex.place(), vertex.step().name(), key);
    }

    private Solved step(Vertex.Derived vertex, Solved parent, List<Solved> sources) {
        return step(vertex, parent, sources, true);
    }

    /** @param shared whether the step may be taken from a shared cache */
    private Solved step(Vertex.Derived vertex, Solved parent, List<Solved> sources, boolean shared) {
        StepReporter teller = new StepReporter(progress.step(vertex.step()));
        try {
            Optional<Solved> solved = attempt(vertex, parent, sources, teller, shared);
            while (solved.isEmpty()) {
                solved = attempt(vertex, parent, sources, teller, shared);
            }
            return solved.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled();
        }
    }

    /** Empty when another build was doing the step, and took it along when it ended. */
    private Optional<Solved> attempt(
            Vertex.Derived vertex, Solved parent, List<Solved> sources, StepReporter teller, boolean shared)
            throws InterruptedException {
        PreparedStep prepared = prepare(vertex, parent, sources, teller);
        CacheKey key = prepared.key();
        StepCache cache = this.cache.of(vertex.step());
        Optional<SharedStep.Member> member = Optional.empty();
        try {
            // On files that are not here nothing was made here.
            Optional<CacheRecord> hit = parent.isHere() ? cache.find(key, parent.snapshot()) : Optional.empty();
            if (hit.isPresent()) {
                return Optional.of(hit(vertex, key, hit.get()));
            }
            Optional<RemoteRecord> known = shared ? cache.findRemote(key, parent) : Optional.empty();
            if (known.isPresent()) {
                return Optional.of(promised(vertex, parent, sources, prepared, known.get()));
            }
            Optional<SnapshotId> below = parent.snapshot();
            SharedStep.Identity identity = new SharedStep.Identity(key.value(), below, cache.isOff());
            SharedStep.Work work = (run, log) -> cache.perform(prepared, below, run, log);
            member = Optional.of(
                    prepared.work().alone()
                            ? inFlight.alone(identity, vertex.step(), work)
                            : inFlight.join(
                                    identity, vertex.step(), prepared.work().bound(), work));
            teller.whenStarted(() -> missed(vertex, parent, sources, prepared));
        } finally {
            // Who does the step closes what it needs.
            if (member.isEmpty() || !member.get().leads()) {
                prepared.close();
            }
        }
        return follow(vertex, key, member.get(), teller);
    }

    private static PreparedStep prepare(
            Vertex.Derived vertex, Solved parent, List<Solved> sources, StepReporter teller) {
        try {
            return PreparedStep.of(vertex, parent, sources, teller);
        } catch (RuntimeException failed) {
            throw teller.failed(failed);
        }
    }

    private Optional<Solved> follow(Vertex vertex, CacheKey key, SharedStep.Member member, StepReporter teller)
            throws InterruptedException {
        boolean kept = false;
        try {
            Optional<SharedStep.Outcome> outcome = member.follow(teller).filter(made -> cache.hold(made.record()));
            if (outcome.isEmpty()) {
                return Optional.empty();
            }
            CacheRecord record = outcome.get().record();
            if (outcome.get().known()) {
                return Optional.of(hit(vertex, key, record));
            }
            kept = cache.of(vertex.step()).isOff() && joined.add(member);
            teller.done();
            return Optional.of(solved(key, record, false));
        } catch (CancelledException cancelled) {
            throw cancelled;
        } catch (RuntimeException failed) {
            throw teller.failed(failed);
        } finally {
            if (!kept) {
                member.leave();
            }
        }
    }

    private Solved hit(Vertex vertex, CacheKey key, CacheRecord record) {
        hits.add(key);
        saved.add(record.duration().toNanos());
        found(vertex, key);
        tell(vertex.step(), true);
        return solved(key, record, true);
    }

    /** The result of a step that a shared cache knows. */
    private Solved promised(
            Vertex.Derived vertex, Solved parent, List<Solved> sources, PreparedStep prepared, RemoteRecord record) {
        CacheKey key = prepared.key();
        String inputs = prepared.recorded().json();
        PromisedSnapshot snapshot = new PromisedSnapshot(() -> {
            Optional<SnapshotId> brought = cache.bring(key, inputs, record, progress);
            if (brought.isEmpty()) {
                return step(vertex, parent, sources, false).snapshot().orElseThrow();
            }
            hits.add(key);
            // They came along: their records are written too.
            if (parent.remote().flatMap(RemoteRecord::layers).isPresent()) {
                parent.snapshot();
            }
            return brought.get();
        });
        Solved solved = Solved.promised(snapshot, key, record);
        found(vertex, key);
        if (record.layers().isEmpty()) {
            deferred.add(new Deferred(vertex, solved, record));
        } else {
            saved.add(record.duration().toNanos());
            tellShared(vertex.step(), record);
        }
        return solved;
    }

    private void missed(Vertex.Derived vertex, Solved parent, List<Solved> sources, PreparedStep prepared) {
        OptionalInt missedParent = vertex.base()
                .filter(before -> !parent.cached())
                .map(before -> OptionalInt.of(before.place().step()))
                .orElse(OptionalInt.empty());
        OptionalInt missedSource = IntStream.range(0, sources.size())
                .filter(i -> !sources.get(i).cached())
                .map(i -> vertex.sources().get(i).place().step())
                .findFirst();
        CacheMiss miss = new CacheMiss(
                vertex.place().step(),
                prepared.key(),
                cache.isOff(),
                missedParent,
                missedSource,
                prepared.recorded(),
                prepared.work().files(),
                cache.nearestRemote(prepared.key(), parent));
        recording.missed(vertex.place(), vertex.step().name(), miss);
    }

    private static Solved solved(CacheKey key, CacheRecord record, boolean cached) {
        return Solved.stored(Optional.of(record.snapshot()), key, cached, Optional.of(record.createdAt()));
    }
}
