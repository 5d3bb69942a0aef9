package dev.wherry.daemon.builder.explain;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.content.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Explains the misses of one build: compares each with the nearest of the last builds of the same project, which is the
 * one whose step of the same place differs in the fewest things.
 */
final class Explainer {

    private final BuildGraph graph;
    private final RecordTable records;
    private final FileLists lists;
    private final Supplier<List<BuildTable.Row>> recent;
    private final IntFunction<Optional<CacheKey>> keys;
    private final Instant startedAt;
    private List<Earlier> earlier;

    /**
     * @param recent the last builds of the project, newest first
     * @param keys of the steps of this build that are known so far
     */
    Explainer(
            BuildGraph graph,
            RecordTable records,
            FileLists lists,
            Supplier<List<BuildTable.Row>> recent,
            IntFunction<Optional<CacheKey>> keys,
            Instant startedAt) {
        this.graph = graph;
        this.records = records;
        this.lists = lists;
        this.recent = recent;
        this.keys = keys;
        this.startedAt = startedAt;
    }

    /** An earlier build, and which of its steps are which of this one's. */
    private record Earlier(Map<Integer, StepEntry> steps, Alignment alignment) {

        Optional<StepEntry> then(int step) {
            return Optional.ofNullable(alignment.then(step)).map(place -> steps.get(place.step()));
        }

        boolean had(CacheMiss miss) {
            return then(miss.step())
                    .flatMap(StepEntry::key)
                    .equals(Optional.of(miss.key().value()));
        }
    }

    /** The earlier step that a step is compared with. */
    private record Nearest(StepEntry step, StepInputs inputs, List<Cause> changes) {}

    /** What would help. */
    List<String> suggestions(CacheMiss miss, List<Cause> causes) {
        Suggestions suggestions = new Suggestions(
                graph,
                records,
                step -> earlier().stream()
                        .flatMap(build -> build.then(step).stream())
                        .toList());
        return suggestions.of(miss, causes);
    }

    /** @param explained the explanation of a step of this build that missed before */
    List<Cause> causes(CacheMiss miss, Function<Integer, Optional<Explanation>> explained) {
        if (miss.refused()) {
            return List.of(new Cause.CacheRefused());
        }
        List<Cause> causes = new ArrayList<>(own(miss));
        boolean alone = causes.isEmpty();
        miss.missedSource().ifPresent(step -> {
            Root root = root(step, explained);
            causes.add(new Cause.SourceMissed(step, root.step(), root.instruction()));
        });
        miss.missedParent().ifPresent(step -> {
            Root root = root(step, explained);
            causes.add(new Cause.ParentMissed(step, root.step(), root.instruction()));
        });
        if (alone && miss.isFirst()) {
            causes.add(inherited(miss));
        }
        return causes;
    }

    private record Root(int step, String instruction) {}

    private Root root(int step, Function<Integer, Optional<Explanation>> explained) {
        Optional<Explanation> why = explained.apply(step);
        return switch (why.map(known -> known.causes().getFirst()).orElse(null)) {
            case Cause.ParentMissed parent -> new Root(parent.root(), parent.rootInstruction());
            case null, default ->
                new Root(step, why.map(Explanation::instruction).orElse(""));
        };
    }

    /** What is different in the step itself. */
    private List<Cause> own(CacheMiss miss) {
        List<Earlier> builds = earlier();
        StepInputs now = miss.inputs();
        if (builds.isEmpty()) {
            return elsewhere(miss, now);
        }
        if (builds.stream().anyMatch(build -> build.had(miss))) {
            return List.of();
        }
        return nearest(miss.step(), now)
                .map(then -> withFiles(then, miss))
                .orElseGet(() -> List.of(isNew(miss.step())));
    }

    private Cause isNew(int step) {
        if (earlier().stream().anyMatch(build -> build.then(step).isPresent())) {
            return new Cause.InputsUnknown();
        }
        Earlier last = earlier().getFirst();
        Place from = last.alignment().movedFrom(step);
        return from == null ? new Cause.NewInstruction() : new Cause.Moved(from.step());
    }

    /** In a project that was never built, the same copy may have been made by another one. */
    private List<Cause> elsewhere(CacheMiss miss, StepInputs now) {
        RecordTable.Fate fate = records.fate(miss.key().value(), startedAt);
        if (fate.prunedAt().isPresent()) {
            return List.of(new Cause.Pruned(fate.prunedAt().get(), startedAt));
        }
        if (miss.shared().isPresent()) {
            return List.of(inCache(miss.shared().get(), now));
        }
        Optional<StepInputs> other = miss.files().isEmpty()
                ? Optional.empty()
                : records.nearest(miss.key().definition(), miss.key().value());
        List<Cause> causes = other.filter(then -> StepDiff.of(then, now).isEmpty())
                .map(then -> files(then, miss).stream().toList())
                .orElse(List.of());
        return causes.isEmpty() && miss.isFirst() ? List.of(new Cause.NoEarlierBuild()) : causes;
    }

    private static Cause inCache(CacheMiss.SharedRecord record, StepInputs now) {
        if (record.same()) {
            return new Cause.InCache(record.cache(), new Cause.OtherRun());
        }
        Cause why = record.inputs()
                .map(then -> StepDiff.of(then, now).stream()
                        .findFirst()
                        .orElseGet(() ->
                                then.files().equals(now.files()) ? new Cause.Unknown() : new Cause.ContentChanged()))
                .orElseGet(Cause.InputsUnknown::new);
        return new Cause.InCache(record.cache(), why);
    }

    private Optional<Nearest> nearest(int step, StepInputs now) {
        Nearest best = null;
        for (Earlier build : earlier()) {
            StepEntry then = build.then(step).orElse(null);
            if (then == null) {
                continue;
            }
            StepInputs inputs =
                    then.inputs().or(() -> then.key().flatMap(records::inputs)).orElse(null);
            if (inputs == null) {
                continue;
            }
            List<Cause> changes = StepDiff.of(inputs, now);
            if (best == null || changes.size() < best.changes().size()) {
                best = new Nearest(then, inputs, changes);
            }
            if (best.changes().isEmpty()) {
                break;
            }
        }
        return Optional.ofNullable(best);
    }

    private List<Cause> withFiles(Nearest then, CacheMiss miss) {
        List<Cause> causes = new ArrayList<>(then.changes());
        files(then.inputs(), miss).ifPresent(causes::add);
        return causes;
    }

    private Optional<Cause> files(StepInputs then, CacheMiss miss) {
        if (miss.files().isEmpty()
                || then.files().equals(Optional.of(miss.files().get().content()))) {
            return Optional.empty();
        }
        Optional<List<FileEntry>> before = then.files().flatMap(lists::find);
        if (before.isEmpty()) {
            return Optional.of(new Cause.ContentChanged());
        }
        return Optional.of(FileDiff.of(before.get(), miss.files().get().list().entries())
                .<Cause>map(changed -> changed)
                .orElseGet(Cause.ContentChanged::new));
    }

    /** Why a step missed that is as it was, on a step that was found in the cache. */
    private Cause inherited(CacheMiss miss) {
        Digest key = miss.key().value();
        Optional<StepEntry> last = earlier().stream()
                .flatMap(build -> build.then(miss.step()).stream())
                .filter(step -> step.key().equals(Optional.of(key)))
                .findFirst();
        if (last.isPresent() && !last.get().finished()) {
            return new Cause.NotFinished(last.get().error());
        }
        RecordTable.Fate fate = records.fate(key, startedAt);
        if (fate.prunedAt().isPresent()) {
            return new Cause.Pruned(fate.prunedAt().get(), startedAt);
        }
        if (fate.exists() || last.isPresent()) {
            return new Cause.OtherRun();
        }
        return before(miss.step());
    }

    /** The first of the steps before it that is another than it was. */
    private Cause before(int step) {
        Cause found = new Cause.Unknown();
        for (OptionalInt at = graph.parent(step); at.isPresent(); at = graph.parent(at.getAsInt())) {
            int number = at.getAsInt();
            StepInputs now = graph.inputs(number);
            Optional<CacheKey> key = keys.apply(number);
            Optional<StepInputs> recorded = key.flatMap(known -> records.inputs(known.value()));
            List<Cause> causes = nearest(number, recorded.orElse(now))
                    .map(then -> changes(then, recorded))
                    .orElseGet(() -> List.of(isNew(number)));
            if (!causes.isEmpty()) {
                found = new Cause.OtherBefore(number, now.instruction(), causes);
            }
        }
        return found;
    }

    private List<Cause> changes(Nearest then, Optional<StepInputs> recorded) {
        Optional<Digest> files = recorded.flatMap(StepInputs::files);
        if (!then.changes().isEmpty()
                || files.isEmpty()
                || files.equals(then.inputs().files())) {
            return then.changes();
        }
        Optional<Cause> changed = then.inputs()
                .files()
                .flatMap(lists::find)
                .flatMap(before -> lists.find(files.get()).flatMap(after -> FileDiff.of(before, after)));
        return List.of(changed.orElseGet(Cause.ContentChanged::new));
    }

    private synchronized List<Earlier> earlier() {
        if (earlier == null) {
            List<Place> now = graph.places();
            List<Earlier> builds = new ArrayList<>();
            for (BuildTable.Row row : recent.get()) {
                Map<Integer, StepEntry> steps = new HashMap<>();
                List<Place> places = new ArrayList<>();
                for (StepEntry step : row.steps()) {
                    if (step.key().isPresent() || step.inputs().isPresent()) {
                        steps.put(step.place().step(), step);
                        places.add(step.place());
                    }
                }
                if (!steps.isEmpty()) {
                    builds.add(new Earlier(steps, Alignment.of(now, places)));
                }
            }
            earlier = builds;
        }
        return earlier;
    }
}
