package dev.wherry.daemon.builder.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.content.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One build while it is going on: takes notes of its steps for the history, keeps what they write, and explains on the
 * side those that miss. {@link #end} writes the notes down, off the build's path. Its methods may be called by several
 * threads at once, and none of them fails or waits for the disk.
 */
public final class Recording {

    private static final byte[] NOT_KEPT =
            "(what a step with secrets writes is not kept)\n".getBytes(StandardCharsets.UTF_8);

    /** How long the end of a build waits for its last explanation. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final BuildHistory history;
    private final Project project;
    private final String ref;
    private final Listener listener;
    private final Instant startedAt = Instant.now();
    private final long start = System.nanoTime();
    private final Map<Integer, Notes> steps = new ConcurrentSkipListMap<>();
    private final Map<Integer, CompletableFuture<Explanation>> explanations = new ConcurrentHashMap<>();
    private final Queue<CompletableFuture<Void>> tellings = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean firstTold = new AtomicBoolean();
    private volatile BuildGraph graph;
    private volatile Explainer explainer;

    /** Who is told of explanations. */
    @FunctionalInterface
    public interface Listener {

        /** @param first whether it is that of the build's first miss */
        void explained(Explanation explanation, boolean first);
    }

    /**
     * What is built.
     *
     * @param id the same for all builds of one Dockerfile in one context
     * @param name for people
     */
    public record Project(String id, String name, String context, String dockerfile, String target) {}

    /** What becomes known of a step. */
    private static final class Notes {
        private final Place place;
        private final String name;
        private volatile CacheKey key;
        private volatile boolean cached;
        private volatile boolean finished;
        private volatile Duration duration = Duration.ZERO;
        private volatile String error = "";
        private volatile StepLogs.Log log;
        private volatile boolean isSecret;
        private volatile CacheMiss miss;
        private volatile Set<String> reads;

        private Notes(Place place, String name) {
            this.place = place;
            this.name = name;
        }
    }

    Recording(BuildHistory history, Project project, String ref, Listener listener) {
        this.history = history;
        this.project = project;
        this.ref = ref;
        this.listener = listener;
    }

    /** What names the build in the history. */
    public String ref() {
        return ref;
    }

    /** The build has been planned. */
    public void planned(BuildGraph planned) {
        graph = planned;
        explainer = history.explainer(planned, project.id(), this::key, startedAt);
    }

    public void started(Place place, String name, boolean cached) {
        Notes step = notes(place, name);
        step.cached = cached;
    }

    public void output(Place place, String name, byte[] data) {
        Notes step = notes(place, name);
        synchronized (step) {
            if (step.log == null) {
                step.log = history.logs().open(ref, place.step());
                step.isSecret = graph != null && graph.hasSecrets(place.step());
                if (step.isSecret) {
                    step.log.write(NOT_KEPT);
                }
            }
        }
        if (!step.isSecret) {
            step.log.write(data);
        }
    }

    public void done(Place place, String name, Duration duration, Optional<String> error) {
        Notes step = notes(place, name);
        step.duration = duration;
        step.error = error.orElse("");
        step.finished = error.isEmpty();
        if (step.log != null) {
            step.log.close();
        }
    }

    /** A step's key is known, and its result was in the cache. */
    public void found(Place place, String name, CacheKey key) {
        notes(place, name).key = key;
    }

    /** A step has to be done: it is explained while it runs. */
    public void missed(Place place, String name, CacheMiss miss) {
        Notes step = notes(place, name);
        step.key = miss.key();
        step.miss = miss;
        CompletableFuture<Explanation> explanation = new CompletableFuture<>();
        explanations.put(place.step(), explanation);
        boolean first = miss.isFirst() && firstTold.compareAndSet(false, true);
        CompletableFuture<Void> told = new CompletableFuture<>();
        tellings.add(told);
        Background.start("explain-step", () -> {
            try {
                listener.explained(explain(step, explanation), first);
            } finally {
                told.complete(null);
            }
        });
    }

    /** Which files of the context a RUN opened: absolute paths in its file system. */
    public void read(int step, Set<String> paths) {
        Notes notes = steps.get(step);
        if (notes != null) {
            notes.reads = paths;
        }
    }

    private Explanation explain(Notes step, CompletableFuture<Explanation> into) {
        List<Cause> causes;
        List<String> suggestions = List.of();
        try {
            causes = explainer.causes(step.miss, this::explained);
            suggestions = explainer.suggestions(step.miss, causes);
        } catch (RuntimeException unexplained) {
            // Whatever is wrong with the records, the build goes on.
            causes = List.of(new Cause.Unknown());
        }
        Explanation explanation =
                new Explanation(step.place.step(), step.name, step.place.instruction(), causes, suggestions);
        into.complete(explanation);
        return explanation;
    }

    private Optional<Explanation> explained(int step) {
        return Optional.ofNullable(explanations.get(step)).map(CompletableFuture::join);
    }

    private Optional<CacheKey> key(int step) {
        return Optional.ofNullable(steps.get(step)).map(notes -> notes.key);
    }

    private Notes notes(Place place, String name) {
        return steps.computeIfAbsent(place.step(), unused -> new Notes(place, name));
    }

    /** Waits until every explanation that is being made has been told. */
    public void settle() {
        try {
            CompletableFuture.allOf(tellings.toArray(CompletableFuture[]::new))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException late) {
            // The build is not to be kept waiting.
        }
    }

    /**
     * The build has ended.
     *
     * @param image id of the image, or empty
     * @param cached how many steps were found in the cache, of how many
     */
    public void end(BuildEntry.Status status, String image, List<String> tags, int cached, int total, String error) {
        BuildEntry build = new BuildEntry(
                ref,
                project.id(),
                project.name(),
                project.context(),
                project.dockerfile(),
                project.target(),
                status,
                startedAt,
                Duration.ofNanos(System.nanoTime() - start),
                total == 0 ? steps.size() : total,
                total == 0
                        ? (int) steps.values().stream()
                                .filter(step -> step.cached)
                                .count()
                        : cached,
                image,
                tags,
                error);
        history.add(build, () -> steps.values().stream().map(this::entry).toList(), files(), reads());
    }

    private Map<Digest, Set<String>> reads() {
        Map<Digest, Set<String>> reads = new HashMap<>();
        for (Notes step : steps.values()) {
            if (step.reads != null && step.key != null && step.finished) {
                reads.put(step.key.value(), step.reads);
            }
        }
        return reads;
    }

    private List<FileList.Source> files() {
        List<FileList.Source> lists = new ArrayList<>();
        for (Notes step : steps.values()) {
            if (step.miss != null) {
                step.miss.files().ifPresent(lists::add);
            }
        }
        return lists;
    }

    private StepEntry entry(Notes step) {
        Optional<Digest> key = Optional.ofNullable(step.key).map(CacheKey::value);
        boolean unrecorded = !step.finished || step.place.keyword().equalsIgnoreCase("FROM");
        Optional<StepInputs> inputs = key.isPresent() && unrecorded ? Optional.of(inputs(step)) : Optional.empty();
        Optional<JsonNode> why = Optional.ofNullable(explanations.get(step.place.step()))
                .map(explanation -> explanation.getNow(null))
                .map(ExplanationJson::of);
        return new StepEntry(
                step.place,
                step.name,
                key,
                step.cached,
                step.finished,
                step.duration,
                step.error,
                step.log == null ? 0 : step.log.written(),
                inputs,
                why);
    }

    private StepInputs inputs(Notes step) {
        return step.miss == null ? graph.inputs(step.place.step()) : step.miss.inputs();
    }
}
