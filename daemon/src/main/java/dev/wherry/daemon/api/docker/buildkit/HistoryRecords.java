package dev.wherry.daemon.api.docker.buildkit;

import com.google.protobuf.UnsafeByteOperations;
import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.wherry.buildkit.control.BuildHistoryEvent;
import dev.wherry.buildkit.control.BuildHistoryEventType;
import dev.wherry.buildkit.control.BuildHistoryRecord;
import dev.wherry.buildkit.control.BuildHistoryRequest;
import dev.wherry.buildkit.control.StatusResponse;
import dev.wherry.buildkit.control.Vertex;
import dev.wherry.buildkit.control.VertexLog;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.builder.explain.BuildEntry;
import dev.wherry.daemon.builder.explain.BuildHistory;
import dev.wherry.daemon.builder.explain.StepEntry;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The history of builds as BuildKit tells of it. */
@Singleton
final class HistoryRecords {

    private static final int CHUNK = 32 << 10;
    private static final int STDOUT = 1;

    private final BuildHistory history;

    HistoryRecords(BuildHistory history) {
        this.history = history;
    }

    /** Those that a request asks for, newest first. */
    List<BuildHistoryEvent> list(BuildHistoryRequest request) {
        return history.list().stream()
                .filter(build -> request.getRef().isEmpty() || build.ref().equals(request.getRef()))
                .filter(_ -> !request.getActiveOnly())
                .limit(request.getLimit() > 0 ? request.getLimit() : Long.MAX_VALUE)
                .map(HistoryRecords::event)
                .toList();
    }

    private static BuildHistoryEvent event(BuildEntry build) {
        BuildHistoryRecord.Builder record = BuildHistoryRecord.newBuilder()
                .setRef(build.ref())
                .setFrontend("dockerfile.v0")
                .putFrontendAttrs("filename", build.dockerfile())
                .setCreatedAt(SolveProgress.timestamp(build.startedAt()))
                .setCompletedAt(SolveProgress.timestamp(build.startedAt().plus(build.duration())))
                .setNumCachedSteps(build.cached())
                .setNumTotalSteps(build.steps())
                .setNumCompletedSteps(build.steps());
        if (!build.context().isEmpty()) {
            record.putFrontendAttrs("context", build.context());
        }
        if (!build.target().isEmpty()) {
            record.putFrontendAttrs("target", build.target());
        }
        if (!build.image().isEmpty()) {
            record.putExporterResponse("containerimage.digest", build.image())
                    .putExporterResponse("image.name", String.join(",", build.tags()));
        }
        error(build).ifPresent(record::setError);
        return BuildHistoryEvent.newBuilder()
                .setType(BuildHistoryEventType.COMPLETE)
                .setRecord(record)
                .build();
    }

    private static Optional<Status> error(BuildEntry build) {
        return switch (build.status()) {
            case COMPLETED -> Optional.empty();
            case FAILED -> Optional.of(status(Code.UNKNOWN, build.error()));
            case CANCELLED -> Optional.of(status(Code.CANCELLED, "context canceled"));
        };
    }

    private static Status status(Code code, String message) {
        return Status.newBuilder().setCode(code.getNumber()).setMessage(message).build();
    }

    /** Removes a build from the history. */
    void remove(String ref) {
        history.remove(List.of(history.find(ref)));
    }

    /** Whether the history has a build of that name. */
    boolean has(String ref) {
        return history.list().stream().anyMatch(build -> build.ref().equals(ref));
    }

    /** Tells the steps of a past build, and what they wrote. */
    void replay(String ref, ResponseSender<StatusResponse> out) throws InterruptedException, IOException {
        BuildEntry build = history.find(ref);
        Instant at = build.startedAt();
        for (StepEntry step : history.steps(build)) {
            Vertex.Builder vertex = Vertex.newBuilder()
                    .setDigest(SolveProgress.digest(ref, step.place().step()))
                    .setName(step.name())
                    .setCached(step.cached())
                    .setStarted(SolveProgress.timestamp(at));
            out.send(StatusResponse.newBuilder().addVertexes(vertex).build());
            log(history.log(build, step.place().step()), vertex, out);
            out.send(StatusResponse.newBuilder()
                    .addVertexes(vertex.setCompleted(SolveProgress.timestamp(at.plus(step.duration())))
                            .setError(step.error()))
                    .build());
        }
    }

    private static void log(Path file, Vertex.Builder vertex, ResponseSender<StatusResponse> out)
            throws InterruptedException, IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (InputStream in = Files.newInputStream(file)) {
            for (byte[] data = in.readNBytes(CHUNK); data.length > 0; data = in.readNBytes(CHUNK)) {
                out.send(StatusResponse.newBuilder()
                        .addLogs(VertexLog.newBuilder()
                                .setVertex(vertex.getDigest())
                                .setTimestamp(vertex.getStarted())
                                .setStream(STDOUT)
                                .setMsg(UnsafeByteOperations.unsafeWrap(data)))
                        .build());
            }
        }
    }
}
