package dev.wherry.daemon.api.grpc.builds;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.UnsafeByteOperations;
import dev.wherry.daemon.api.grpc.Times;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.builder.explain.BuildEntry;
import dev.wherry.daemon.builder.explain.BuildHistory;
import dev.wherry.daemon.builder.explain.StepEntry;
import dev.wherry.v1.BuildLogsChunk;
import dev.wherry.v1.BuildLogsRequest;
import dev.wherry.v1.BuildSummary;
import dev.wherry.v1.StepExplanation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What messages about the history of builds say. */
final class HistoryMessages {

    private static final int CHUNK = 64 * 1024;

    private HistoryMessages() {}

    static BuildSummary summary(BuildEntry build) {
        return BuildSummary.newBuilder()
                .setRef(build.ref())
                .setName(build.name())
                .setStatus(build.status().text())
                .setCreatedNanos(Times.nanos(build.startedAt()))
                .setDurationNanos(build.duration().toNanos())
                .setStepsCached(build.cached())
                .setStepsTotal(build.steps())
                .setImageId(build.image())
                .addAllTags(build.tags())
                .setContext(build.context())
                .setDockerfile(build.dockerfile())
                .setTarget(build.target())
                .setError(build.error())
                .build();
    }

    static StepExplanation explanation(JsonNode json) {
        StepExplanation.Builder explanation = StepExplanation.newBuilder()
                .setStep(json.path("step").asInt())
                .setName(json.path("name").asText())
                .setInstruction(json.path("instruction").asText())
                .setJson(json.toString());
        json.path("causes")
                .forEach(cause -> explanation.addCauses(cause.path("text").asText()));
        json.path("suggestions").forEach(text -> explanation.addSuggestions(text.asText()));
        return explanation.build();
    }

    /** Sends the output of one step, or of all, each headed by its name. */
    static void logs(BuildHistory history, BuildLogsRequest request, ResponseSender<BuildLogsChunk> out)
            throws InterruptedException, IOException {
        BuildEntry build = history.find(request.getBuild());
        if (request.getStep() != 0) {
            history.step(build, request.getStep());
            send(history.log(build, request.getStep()), out);
            return;
        }
        for (StepEntry step : history.steps(build)) {
            if (step.output() > 0) {
                send(("#" + step.place().step() + " " + step.name() + "\n").getBytes(StandardCharsets.UTF_8), out);
                send(history.log(build, step.place().step()), out);
            }
        }
    }

    private static void send(Path log, ResponseSender<BuildLogsChunk> out) throws InterruptedException, IOException {
        if (!Files.exists(log)) {
            return;
        }
        try (InputStream in = Files.newInputStream(log)) {
            for (byte[] data = in.readNBytes(CHUNK); data.length > 0; data = in.readNBytes(CHUNK)) {
                send(data, out);
            }
        }
    }

    private static void send(byte[] data, ResponseSender<BuildLogsChunk> out) throws InterruptedException {
        out.send(BuildLogsChunk.newBuilder()
                .setData(UnsafeByteOperations.unsafeWrap(data))
                .build());
    }
}
