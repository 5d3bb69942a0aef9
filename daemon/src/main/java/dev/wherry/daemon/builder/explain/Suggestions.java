package dev.wherry.daemon.builder.explain;

import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.content.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** What would help against a miss, where the history gives reason to say so. */
final class Suggestions {

    /** Steps that took less are not worth a word. */
    private static final Duration WORTHWHILE = Duration.ofMillis(300);

    /** Earlier builds in which a file must have changed too. */
    private static final int OFTEN = 2;

    private static final int NAMED = 5;
    private static final int INSTRUCTION = 40;

    private final BuildGraph graph;
    private final RecordTable records;
    private final IntFunction<List<StepEntry>> earlier;

    /** @param earlier what a step was in the last builds, newest first */
    Suggestions(BuildGraph graph, RecordTable records, IntFunction<List<StepEntry>> earlier) {
        this.graph = graph;
        this.records = records;
        this.earlier = earlier;
    }

    List<String> of(CacheMiss miss, List<Cause> causes) {
        List<String> suggestions = new ArrayList<>();
        for (Cause cause : causes) {
            switch (cause) {
                case Cause.FilesChanged files
                when miss.missedSource().isEmpty() -> {
                    order(miss, files).ifPresent(suggestions::add);
                    suggestions.addAll(ignorable(miss, files));
                }
                case Cause.Changed changed
                when changed.kind() == Input.Kind.BUILD_ARG && miss.isFirst() ->
                    unused(miss, changed.name()).ifPresent(suggestions::add);
                default -> {}
            }
        }
        return suggestions;
    }

    /** A RUN after the copy that opened none of the files that changed could have stayed in the cache. */
    private Optional<String> order(CacheMiss miss, Cause.FilesChanged files) {
        if (files.changed() > files.first().size()) {
            return Optional.empty();
        }
        Set<String> changed = new HashSet<>();
        for (FileChange change : files.first()) {
            change.before().ifPresent(file -> changed.add(graph.placed(miss.step(), file.path())));
            change.after().ifPresent(file -> changed.add(graph.placed(miss.step(), file.path())));
        }
        for (int step : graph.runsAfter(miss.step())) {
            Past past = past(step).orElse(null);
            if (past == null
                    || past.took().compareTo(WORTHWHILE) < 0
                    || past.reads().stream().anyMatch(changed::contains)) {
                continue;
            }
            Set<String> needed = new TreeSet<>();
            for (FileEntry file : miss.files().orElseThrow().list().entries()) {
                if (past.reads().contains(graph.placed(miss.step(), file.path()))) {
                    needed.add(file.path());
                }
            }
            return Optional.of(order(graph.instruction(step), graph.instruction(miss.step()), needed, past.took()));
        }
        return Optional.empty();
    }

    private static String order(String run, String copy, Set<String> needed, Duration took) {
        String time = "%.1f s".formatted(took.toMillis() / 1000.0);
        String subject = quoted(run) + " (" + time + ") opened ";
        if (needed.isEmpty()) {
            return subject + "none of the files that " + quoted(copy)
                    + " brings: put it before that, and it stays cached";
        }
        List<String> named = needed.stream().limit(NAMED).toList();
        String more = needed.size() > NAMED ? " and " + (needed.size() - NAMED) + " more" : "";
        return subject + "only " + String.join(", ", named) + more + " of what " + quoted(copy)
                + " brings: copy that before it and the rest after it, and it stays cached";
    }

    /** Files that changed again and again, and that no later step opened. */
    private List<String> ignorable(CacheMiss miss, Cause.FilesChanged files) {
        List<Past> runs = new ArrayList<>();
        for (int step : graph.runsAfter(miss.step())) {
            Optional<Past> past = past(step);
            if (past.isEmpty()) {
                return List.of();
            }
            runs.add(past.get());
        }
        List<String> suggestions = new ArrayList<>();
        for (FileChange change :
                files.first().subList(0, Math.min(NAMED, files.first().size()))) {
            String placed = graph.placed(miss.step(), change.path());
            int times = timesChanged(miss.step(), change.path());
            boolean needed = runs.stream().anyMatch(run -> run.reads().contains(placed))
                    || graph.isCopiedOn(miss.step(), placed);
            if (times >= OFTEN && !needed) {
                suggestions.add(ChangeExcerpt.oneLine(change.path()) + " changed in " + (times + 1)
                        + " of the last builds and no"
                        + " RUN opens it: unless the image needs it, name it in .dockerignore");
            }
        }
        return suggestions;
    }

    private int timesChanged(int step, String path) {
        int times = 0;
        for (StepEntry entry : earlier.apply(step)) {
            boolean there = false;
            for (var cause : entry.explanation().map(why -> why.path("causes")).orElse(NONE)) {
                for (var file : cause.path("files")) {
                    there |= file.path("path").asText().equals(path);
                }
            }
            times += there ? 1 : 0;
        }
        return times;
    }

    private static final com.fasterxml.jackson.databind.JsonNode NONE =
            com.fasterxml.jackson.databind.node.MissingNode.getInstance();

    private Optional<String> unused(CacheMiss miss, String name) {
        boolean mentioned = miss.inputs().list().stream()
                .anyMatch(input ->
                        input.kind() == Input.Kind.COMMAND && input.value().contains(name));
        return mentioned
                ? Optional.empty()
                : Optional.of("the command does not mention " + name + ": put ARG " + name
                        + " after it, and it stays cached");
    }

    private record Past(Set<String> reads, Duration took) {}

    /** The last run of a step whose reads are known. */
    private Optional<Past> past(int step) {
        for (StepEntry entry : earlier.apply(step)) {
            Digest key = entry.key().orElse(null);
            Optional<List<String>> reads =
                    key == null ? Optional.empty() : records.inputs(key).flatMap(StepInputs::reads);
            if (reads.isPresent()) {
                return Optional.of(new Past(new HashSet<>(reads.get()), records.duration(key)));
            }
        }
        return Optional.empty();
    }

    private static String quoted(String instruction) {
        return '"' + ChangeExcerpt.shortened(ChangeExcerpt.oneLine(instruction), INSTRUCTION) + '"';
    }
}
