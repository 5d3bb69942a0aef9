package dev.wherry.cli.view.builds;

import com.google.protobuf.ByteString;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildWarning;
import dev.wherry.v1.StepDone;
import dev.wherry.v1.StepOutput;
import dev.wherry.v1.StepProgress;
import dev.wherry.v1.StepStarted;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The events of a build for programs: a line of JSON each, of the shape of BuildKit's {@code SolveStatus}
 * ({@code client/graph.go}), as docker prints with {@code --progress=rawjson}.
 */
final class RawBuild {
    private final PrintStream err;
    private final InstantSource clock;
    private final Map<Integer, Map<String, Object>> vertexes = new HashMap<>();
    private final Map<String, String> began = new HashMap<>();

    RawBuild(PrintStream err, InstantSource clock) {
        this.err = err;
        this.clock = clock;
    }

    void show(BuildEvent event) {
        switch (event.getEventCase()) {
            case STARTED -> started(event.getStarted());
            case OUTPUT -> print("logs", log(event.getOutput()));
            case PROGRESS -> print("statuses", status(event.getProgress()));
            case DONE -> done(event.getDone());
            case WARNING -> print("warnings", warning(event.getWarning()));
            default -> {}
        }
    }

    private void started(StepStarted started) {
        Map<String, Object> vertex = vertex(started.getStep(), started.getName());
        vertex.put(
                "started", clock.instant().minusNanos(started.getRunningNanos()).toString());
        if (started.getCached()) {
            vertex.put("cached", true);
        }
        print("vertexes", vertex);
    }

    private void done(StepDone done) {
        Map<String, Object> vertex = vertex(done.getStep(), "step " + done.getStep());
        vertex.put("completed", now());
        if (!done.getError().isEmpty()) {
            vertex.put("error", done.getError());
        }
        print("vertexes", vertex);
    }

    private Map<String, Object> vertex(int step, String name) {
        return vertexes.computeIfAbsent(step, _ -> {
            Map<String, Object> vertex = new LinkedHashMap<>();
            vertex.put("digest", digest(step));
            vertex.put("name", name);
            return vertex;
        });
    }

    private Map<String, Object> log(StepOutput output) {
        Map<String, Object> log = new LinkedHashMap<>();
        log.put("vertex", digest(output.getStep()));
        log.put("stream", output.getStream() == StepOutput.Stream.STREAM_STDERR ? 2L : 1L);
        log.put("data", base64(output.getData()));
        log.put("timestamp", now());
        return log;
    }

    private Map<String, Object> status(StepProgress progress) {
        Map<String, Object> status = new LinkedHashMap<>();
        String vertex = digest(progress.getStep());
        status.put("id", progress.getItem());
        status.put("vertex", vertex);
        status.put("name", progress.getItem());
        if (progress.getTotalBytes() > 0) {
            status.put("total", progress.getTotalBytes());
        }
        status.put("current", progress.getCurrentBytes());
        status.put("timestamp", now());
        status.put("started", began.computeIfAbsent(vertex + progress.getItem(), _ -> now()));
        if (progress.getTotalBytes() > 0 && progress.getCurrentBytes() >= progress.getTotalBytes()) {
            status.put("completed", now());
        }
        return status;
    }

    private static Map<String, Object> warning(BuildWarning warning) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("level", 1L);
        json.put("short", base64(ByteString.copyFromUtf8(warning.getMessage())));
        if (!warning.getFile().isEmpty()) {
            json.put("sourceInfo", Map.of("filename", warning.getFile()));
            Map<String, Object> line = Map.of("line", (long) warning.getLine());
            json.put("range", List.of(Map.of("start", line, "end", line)));
        }
        return json;
    }

    private void print(String kind, Map<String, Object> entry) {
        err.println(JsonValues.compact(Map.of(kind, List.of(entry))));
    }

    private String now() {
        return clock.instant().toString();
    }

    private static String base64(ByteString bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** What tells a vertex from others of its build; readers expect a digest. */
    private static String digest(int step) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(("step " + step).getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
