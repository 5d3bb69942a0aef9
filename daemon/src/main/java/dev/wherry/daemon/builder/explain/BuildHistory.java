package dev.wherry.daemon.builder.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.metadata.Database;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The builds that ended lately, with their steps, what these depended on, and why those that missed did. A build is begun
 * as a {@link Recording} and written down after its end by a thread of its own; who asks for the history waits until what
 * has ended is written. The oldest go when there are more than {@link #MOST}, or they are older than {@link #OLDEST}.
 */
@Singleton
public final class BuildHistory {

    /** Builds kept. */
    static final int MOST = 500;

    static final Duration OLDEST = Duration.ofDays(60);

    /** Builds of the same project that a miss is compared with. */
    private static final int COMPARED = 5;

    /** Builds between two removals of the oldest. */
    private static final int TURN = 50;

    /** What a client may call a build: a word that no file is harmed by. */
    private static final Pattern GIVEN = Pattern.compile("[a-z0-9]{12,64}");

    private final BuildTable table;
    private final RecordTable records;
    private final FileLists lists;
    private final StepLogs logs;
    private final SecureRandom random = new SecureRandom();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("build-history").factory());
    private int added;

    BuildHistory(Database database, FileLists lists, StepLogs logs) {
        this.table = new BuildTable(database);
        this.records = new RecordTable(database);
        this.lists = lists;
        this.logs = logs;
    }

    /**
     * Begins to take notes of a build.
     *
     * @param ref what the client wants it called, which it is if that can be, and no other is
     */
    public Recording begin(Recording.Project project, Optional<String> ref, Recording.Listener listener) {
        return new Recording(
                this,
                project,
                ref.filter(name -> GIVEN.matcher(name).matches())
                        .filter(name -> table.find(name).isEmpty())
                        .orElseGet(this::chosen),
                listener);
    }

    private String chosen() {
        byte[] ref = new byte[6];
        random.nextBytes(ref);
        return HexFormat.of().formatHex(ref);
    }

    StepLogs logs() {
        return logs;
    }

    Explainer explainer(BuildGraph graph, String project, IntFunction<Optional<CacheKey>> keys, Instant startedAt) {
        return new Explainer(graph, records, lists, () -> recent(project), keys, startedAt);
    }

    private List<BuildTable.Row> recent(String project) {
        settle();
        return table.recent(project, COMPARED);
    }

    void add(
            BuildEntry build,
            Supplier<List<StepEntry>> steps,
            List<FileList.Source> files,
            Map<Digest, Set<String>> reads) {
        writer.execute(() -> {
            try {
                reads.forEach(records::read);
                files.forEach(source -> lists.put(source.list()));
                table.insert(build, steps.get());
                if (++added % TURN == 1) {
                    removeOldest();
                }
            } catch (WherryException notKept) {
                // As on a full disk: the build is what counts, and the next ones are explained by those before.
            }
        });
    }

    private void removeOldest() {
        remove(table.expired(MOST, Instant.now().minus(OLDEST)));
        Set<Digest> wanted = new HashSet<>();
        table.fileLists().forEach(content -> wanted.add(Digest.parse(content)));
        lists.retain(wanted);
    }

    private void remove(List<String> refs) {
        if (!refs.isEmpty()) {
            table.delete(refs);
            refs.forEach(logs::remove);
        }
    }

    /** Waits until every build that ended before is written down. */
    private void settle() {
        try {
            writer.submit(() -> {}).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void end(@Observes ShutdownEvent stop) {
        settle();
    }

    /** All builds, newest first. */
    public List<BuildEntry> list() {
        settle();
        return table.list();
    }

    /**
     * One build.
     *
     * @param name its reference or the beginning of it; {@code ^} for the last but one, {@code ^N} for the one N builds
     *     before the last; empty for the last
     * @throws NotFoundException when there is none
     * @throws InvalidInputException when several references begin so
     */
    public BuildEntry find(String name) {
        List<BuildEntry> builds = list();
        if (builds.isEmpty()) {
            throw new NotFoundException("build", name, "there is no build in the history yet");
        }
        if (name.isEmpty() || name.startsWith("^")) {
            int back = back(name);
            if (back >= builds.size()) {
                throw new NotFoundException("build", name, "the history has only " + builds.size() + " builds");
            }
            return builds.get(back);
        }
        List<BuildEntry> found =
                builds.stream().filter(build -> build.ref().startsWith(name)).toList();
        if (found.isEmpty()) {
            throw new NotFoundException(
                    "build", name, "no build \"" + name + "\" in the history: see 'wherry builder history ls'");
        }
        if (found.size() > 1) {
            throw new InvalidInputException("several builds begin with \"" + name + "\": give more of the reference");
        }
        return found.getFirst();
    }

    private static int back(String name) {
        String number = name.isEmpty() ? "0" : name.equals("^") ? "1" : name.substring(1);
        if (!number.matches("[0-9]{1,6}")) {
            throw new InvalidInputException("\"" + name + "\" names no build: use ^, ^N, or a reference");
        }
        return Integer.parseInt(number);
    }

    /** All that is known of a build, as JSON. */
    public String inspect(BuildEntry build) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("Ref", build.ref());
        json.put("Name", build.name());
        json.put("Context", build.context());
        json.put("Dockerfile", build.dockerfile());
        json.put("Target", build.target());
        json.put("Status", build.status().text());
        json.put("Error", build.error());
        json.put("CreatedAt", build.startedAt().toString());
        json.put("CompletedAt", build.startedAt().plus(build.duration()).toString());
        json.put("DurationNanos", build.duration().toNanos());
        json.put("Image", build.image());
        build.tags().forEach(json.putArray("Tags")::add);
        json.put("NumTotalSteps", build.steps());
        json.put("NumCachedSteps", build.cached());
        json.put("NumMissedSteps", build.steps() - build.cached());
        json.put("Logs", logs.file(build.ref(), 0).getParent().toString());
        json.set("Steps", StepEntry.json(steps(build)));
        return json.toString();
    }

    /**
     * Why steps of a build were not taken from the cache, as JSON objects with {@code text} lines.
     *
     * @param step its number; 0 for all that missed
     * @throws NotFoundException when the build has no such step
     */
    public List<JsonNode> why(BuildEntry build, int step) {
        List<StepEntry> asked = step == 0 ? steps(build) : List.of(step(build, step));
        return asked.stream().flatMap(entry -> entry.explanation().stream()).toList();
    }

    /**
     * One step of a build.
     *
     * @throws NotFoundException when the build has no such step
     */
    public StepEntry step(BuildEntry build, int number) {
        return steps(build).stream()
                .filter(entry -> entry.place().step() == number)
                .findFirst()
                .orElseThrow(() -> new NotFoundException(
                        "step", String.valueOf(number), "build " + build.ref() + " has no step " + number));
    }

    /** The steps of a build, ascending. */
    public List<StepEntry> steps(BuildEntry build) {
        return table.find(build.ref()).map(BuildTable.Row::steps).orElse(List.of());
    }

    /** Where the output of a step is kept; there is no such file when it wrote nothing. */
    public java.nio.file.Path log(BuildEntry build, int step) {
        return logs.file(build.ref(), step);
    }

    /** Removes builds, with their output. */
    public void remove(Iterable<BuildEntry> builds) {
        List<String> refs = new ArrayList<>();
        builds.forEach(build -> refs.add(build.ref()));
        remove(refs);
    }
}
