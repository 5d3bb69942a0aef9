package dev.wherry.daemon.builder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.builder.explain.Explanation;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.ProgressReport;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepProgress;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.trace.Traces;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StepSpansTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final List<SpanData> spans = new ArrayList<>();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(new Collected()))
            .build();

    /** Keeps the spans that have ended. */
    private final class Collected implements SpanExporter {

        @Override
        public CompletableResultCode export(Collection<SpanData> ended) {
            spans.addAll(ended);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    /** A client that does not look. */
    private static final class NoReport implements ProgressReport {

        @Override
        public void planned(int steps) {}

        @Override
        public void started(int step, String name, boolean cached) {}

        @Override
        public void joined(int step, String name, Duration running) {}

        @Override
        public void output(int step, BuildProgress.Stream stream, byte[] data) {}

        @Override
        public void transferred(int step, String item, long current, long total) {}

        @Override
        public void offered(int step, String shell, String problem) {}

        @Override
        public void ended(int step, Duration duration, Optional<String> error) {}

        @Override
        public void explained(Explanation explanation) {}

        @Override
        public void warning(Warning warning) {}
    }

    @BeforeEach
    void begin() {
        Traces.sendTo(OpenTelemetrySdk.builder().setTracerProvider(provider).build());
    }

    @AfterEach
    void end() {
        Traces.drop();
        provider.close();
    }

    @Test
    void eachStepIsASpanOfTheBuildInTheTraceOfTheCaller() {
        Span build = Traces.tracer()
                .spanBuilder("build")
                .setParent(Traces.caller("00-" + TRACE + "-00f067aa0ba902b7-01"))
                .startSpan();
        NumberedProgress progress = new NumberedProgress(new NoReport());
        progress.trace(Context.root().with(build));

        StepProgress ran = progress.step(Step.of("ran"));
        ran.started();
        ran.ended(Duration.ofMillis(1), Optional.empty());
        progress.step(Step.of("hit")).cached();
        StepProgress failed = progress.step(Step.of("broke"));
        failed.started();
        failed.ended(Duration.ofMillis(1), Optional.of("exit code 1"));

        assertThat(spans).extracting(SpanData::getName).containsExactly("ran", "hit", "broke");
        assertThat(spans).allSatisfy(span -> {
            assertThat(span.getTraceId()).isEqualTo(TRACE);
            assertThat(span.getParentSpanId()).isEqualTo(build.getSpanContext().getSpanId());
        });
        assertThat(spans.get(1).getAttributes().get(AttributeKey.booleanKey("wherry.cached")))
                .isTrue();
        assertThat(spans.get(2).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(spans.get(2).getStatus().getDescription()).isEqualTo("exit code 1");
    }

    @Test
    void oddHeaderBeginsATraceOfItsOwn() {
        assertThat(Traces.caller("00-zz")).isEqualTo(Context.root());
        assertThat(Traces.caller(null)).isEqualTo(Context.root());
    }
}
