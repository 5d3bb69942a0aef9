package dev.wherry.cli.view.builds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildWarning;
import dev.wherry.v1.StepDone;
import dev.wherry.v1.StepOutput;
import dev.wherry.v1.StepProgress;
import dev.wherry.v1.StepStarted;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class RawBuildTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final RawBuild raw = new RawBuild(
            new PrintStream(written, true, StandardCharsets.UTF_8),
            InstantSource.fixed(Instant.parse("2026-05-01T10:00:00Z")));

    @Test
    void eventsHaveTheShapeOfSolveStatus() {
        raw.show(BuildEvent.newBuilder()
                .setStarted(StepStarted.newBuilder()
                        .setStep(1)
                        .setName("[1/2] FROM x")
                        .setCached(true))
                .build());
        raw.show(BuildEvent.newBuilder()
                .setOutput(StepOutput.newBuilder()
                        .setStep(2)
                        .setStream(StepOutput.Stream.STREAM_STDERR)
                        .setData(ByteString.copyFromUtf8("hi\n")))
                .build());
        raw.show(BuildEvent.newBuilder()
                .setProgress(StepProgress.newBuilder()
                        .setStep(2)
                        .setItem("layer")
                        .setCurrentBytes(5)
                        .setTotalBytes(10))
                .build());
        raw.show(BuildEvent.newBuilder()
                .setDone(StepDone.newBuilder().setStep(1).setError("exit code 1"))
                .build());
        raw.show(BuildEvent.newBuilder()
                .setWarning(BuildWarning.newBuilder()
                        .setFile("Dockerfile")
                        .setLine(3)
                        .setMessage("odd"))
                .build());

        String[] lines = written.toString(StandardCharsets.UTF_8).split("\n");
        String first = lines[0].replaceAll(".*\"digest\":\"(sha256:[0-9a-f]{64})\".*", "$1");
        assertThat(lines).hasSize(5);
        assertThat(lines[0])
                .isEqualTo("{\"vertexes\":[{\"digest\":\"" + first
                        + "\",\"name\":\"[1/2] FROM x\",\"started\":\"2026-05-01T10:00:00Z\",\"cached\":true}]}");
        assertThat(lines[1])
                .startsWith("{\"logs\":[{\"vertex\":\"sha256:")
                .endsWith("\"stream\":2,\"data\":\"aGkK\",\"timestamp\":\"2026-05-01T10:00:00Z\"}]}");
        assertThat(lines[2])
                .startsWith("{\"statuses\":[{\"id\":\"layer\",\"vertex\":\"sha256:")
                .contains("\"name\":\"layer\",\"total\":10,\"current\":5,");
        assertThat(lines[3])
                .isEqualTo("{\"vertexes\":[{\"digest\":\"" + first
                        + "\",\"name\":\"[1/2] FROM x\",\"started\":\"2026-05-01T10:00:00Z\",\"cached\":true,"
                        + "\"completed\":\"2026-05-01T10:00:00Z\",\"error\":\"exit code 1\"}]}");
        assertThat(lines[4]).startsWith("{\"warnings\":[{\"level\":1,\"short\":\"b2Rk\",\"sourceInfo\":");
    }
}
