package dev.wherry.daemon.trace;

import dev.wherry.daemon.Version;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.util.concurrent.TimeUnit;

/** Sends spans to a collector by OTLP over HTTP, in the background; those that it does not take are lost. */
public final class OtlpExport implements AutoCloseable {

    private static final String PATH = "/v1/traces";
    private static final int PATIENCE_SECONDS = 5;

    private final SdkTracerProvider provider;

    /** @param endpoint of the collector, such as {@code http://127.0.0.1:4318} */
    public OtlpExport(String endpoint) {
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint.replaceAll("/+$", "") + PATH)
                .build();
        provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.builder()
                        .put("service.name", "wherryd")
                        .put("service.version", Version.NUMBER)
                        .build()))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
                .build();
        Traces.sendTo(OpenTelemetrySdk.builder().setTracerProvider(provider).build());
    }

    /** Sends what has ended. */
    @Override
    public void close() {
        Traces.drop();
        provider.shutdown().join(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
