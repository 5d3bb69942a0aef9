package dev.wherry.daemon.api.docker.buildkit;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import dev.wherry.buildkit.control.StatusResponse;
import dev.wherry.buildkit.control.Vertex;
import dev.wherry.buildkit.control.VertexLog;
import dev.wherry.buildkit.control.VertexStatus;
import dev.wherry.buildkit.control.VertexWarning;
import dev.wherry.daemon.builder.explain.Explanation;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.ProgressReport;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.image.Reference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The progress of a build as BuildKit tells of it: a vertex for each step, and warnings where the cache was of no use. */
final class SolveProgress implements ProgressReport {

    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    /** A step of its own, for warnings that belong to none. */
    private static final int CHECKS = -1;

    /** Another, for what the image store was given. */
    private static final int EXPORT = -2;

    private final String build;
    private final StatusLog log;
    private final Map<Integer, Vertex> steps = new ConcurrentHashMap<>();
    private final Map<String, VertexStatus> transfers = new ConcurrentHashMap<>();
    private volatile Optional<DockerfileSource> source = Optional.empty();

    /** @param build what tells the vertices of this build from others */
    SolveProgress(String build, StatusLog log) {
        this.build = build;
        this.log = log;
    }

    static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    private static Timestamp now() {
        return timestamp(Instant.now());
    }

    /** What a client knows the step of a build by. */
    static String digest(String build, int step) {
        return Digest.sha256(build + "\0" + step).toString();
    }

    private String digest(int step) {
        return digest(build, step);
    }

    private void say(StatusResponse.Builder status) {
        try {
            log.say(status.build());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        }
    }

    private void say(int step, Vertex vertex) {
        steps.put(step, vertex);
        say(StatusResponse.newBuilder().addVertexes(vertex));
    }

    @Override
    public void planned(int planned) {}

    @Override
    public void started(int step, String name, boolean cached) {
        say(
                step,
                Vertex.newBuilder()
                        .setDigest(digest(step))
                        .setName(name)
                        .setStarted(now())
                        .setCached(cached)
                        .build());
    }

    @Override
    public void joined(int step, String name, Duration running) {
        say(
                step,
                Vertex.newBuilder()
                        .setDigest(digest(step))
                        .setName(name)
                        .setStarted(timestamp(Instant.now().minus(running)))
                        .build());
    }

    @Override
    public void output(int step, BuildProgress.Stream stream, byte[] data) {
        say(StatusResponse.newBuilder()
                .addLogs(VertexLog.newBuilder()
                        .setVertex(digest(step))
                        .setTimestamp(now())
                        .setStream(
                                switch (stream) {
                                    case STDOUT -> STDOUT;
                                    case STDERR -> STDERR;
                                })
                        .setMsg(UnsafeByteOperations.unsafeWrap(data))));
    }

    @Override
    public void transferred(int step, String item, long current, long total) {
        String key = step + "\0" + item;
        VertexStatus before = transfers.get(key);
        VertexStatus.Builder status = VertexStatus.newBuilder()
                .setID(item)
                .setVertex(digest(step))
                .setCurrent(current)
                .setTotal(total)
                .setTimestamp(now())
                .setStarted(before == null ? now() : before.getStarted());
        if (total > 0 && current >= total) {
            status.setCompleted(now());
        }
        VertexStatus told = status.build();
        transfers.put(key, told);
        say(StatusResponse.newBuilder().addStatuses(told));
    }

    @Override
    public void offered(int step, String shell, String problem) {}

    @Override
    public void ended(int step, Duration duration, Optional<String> error) {
        Vertex vertex = steps.get(step);
        if (vertex == null) {
            return;
        }
        StatusResponse.Builder status = StatusResponse.newBuilder();
        transfers.values().stream()
                .filter(transfer -> transfer.getVertex().equals(vertex.getDigest()) && !transfer.hasCompleted())
                .forEach(transfer -> status.addStatuses(
                        transfer.toBuilder().setTimestamp(now()).setCompleted(now())));
        transfers.values().removeIf(transfer -> transfer.getVertex().equals(vertex.getDigest()));
        Vertex done = vertex.toBuilder()
                .setCompleted(now())
                .setError(error.orElse(""))
                .build();
        steps.put(step, done);
        say(status.addVertexes(done));
    }

    @Override
    public void explained(Explanation explanation) {
        VertexWarning.Builder warning = VertexWarning.newBuilder()
                .setVertex(digest(explanation.step()))
                .setLevel(1)
                .setShort(ByteString.copyFromUtf8("not cached: "
                        + explanation.lines().stream().findFirst().orElse("")));
        explanation.lines().stream().skip(1).forEach(line -> warning.addDetail(ByteString.copyFromUtf8(line)));
        explanation.suggestions().forEach(text -> warning.addDetail(ByteString.copyFromUtf8(text)));
        say(StatusResponse.newBuilder().addWarnings(warning));
    }

    /** The store has the image: who reads the progress of a build looks here for its ID and its names. */
    void exported(Digest image, List<Reference> names) {
        started(EXPORT, "exporting to image", false);
        transferred(EXPORT, "writing image " + image, 0, 0);
        names.forEach(name -> transferred(EXPORT, "naming to " + name, 0, 0));
        ended(EXPORT, Duration.ZERO, Optional.empty());
    }

    /** The client itself has something to say. */
    void warned(String text, List<ByteString> details, String url) {
        checks("what the client says");
        say(StatusResponse.newBuilder()
                .addWarnings(VertexWarning.newBuilder()
                        .setVertex(digest(CHECKS))
                        .setLevel(1)
                        .setShort(ByteString.copyFromUtf8(text))
                        .addAllDetail(details)
                        .setUrl(url)));
    }

    private void checks(String what) {
        if (!steps.containsKey(CHECKS)) {
            started(CHECKS, "[internal] check " + what, false);
            ended(CHECKS, Duration.ZERO, Optional.empty());
        }
    }

    @Override
    public void source(String file, byte[] text) {
        source = Optional.of(new DockerfileSource(file, text));
    }

    /** What shows the place of a failure, if it has one in the Dockerfile. */
    Optional<Any> place(WherryException failure) {
        return source.flatMap(dockerfile -> dockerfile.detail(failure));
    }

    @Override
    public void warning(Warning warning) {
        checks(warning.file());
        VertexWarning.Builder message =
                VertexWarning.newBuilder().setVertex(digest(CHECKS)).setLevel(1);
        String line = warning.line() > 0 ? " (line " + warning.line() + ")" : "";
        String rule =
                warning.finding().map(finding -> finding.rule().title() + ": ").orElse("");
        message.setShort(ByteString.copyFromUtf8(rule + warning.message() + line));
        warning.finding()
                .ifPresent(finding -> message.addDetail(
                                ByteString.copyFromUtf8(finding.rule().description()))
                        .addDetail(ByteString.copyFromUtf8(finding.rule().remedy())));
        int end = warning.finding().map(finding -> finding.position().endLine()).orElse(warning.line());
        source.filter(dockerfile -> dockerfile.file().equals(warning.file()))
                .flatMap(dockerfile -> dockerfile.around(warning.line(), end))
                .ifPresent(lines -> message.setInfo(lines).addRanges(DockerfileSource.range(warning.line(), end)));
        say(StatusResponse.newBuilder().addWarnings(message));
    }
}
