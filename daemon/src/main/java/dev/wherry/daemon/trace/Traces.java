package dev.wherry.daemon.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;

/** The tracer of the daemon. Like a log, it is there for everyone without being handed around. */
public final class Traces {

    private static final String NAME = "dev.wherry.daemon";
    private static final String TRACE_PARENT = "traceparent";

    private static volatile Tracer tracer = OpenTelemetry.noop().getTracer(NAME);
    private static volatile boolean wanted;

    private static final TextMapGetter<String> ONE_HEADER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(TRACE_PARENT);
        }

        @Override
        public String get(String carrier, String key) {
            return TRACE_PARENT.equals(key) ? carrier : null;
        }
    };

    private Traces() {}

    /** From now on spans go there. */
    public static void sendTo(OpenTelemetry receiver) {
        tracer = receiver.getTracer(NAME);
        wanted = true;
    }

    /** Spans go nowhere from now on. */
    public static void drop() {
        tracer = OpenTelemetry.noop().getTracer(NAME);
        wanted = false;
    }

    /** Whether spans go anywhere: asked before work that only they need. */
    public static boolean areWanted() {
        return wanted;
    }

    /** Begins spans. */
    public static Tracer tracer() {
        return tracer;
    }

    /**
     * The trace of a caller.
     *
     * @param traceParent as in the header {@code traceparent} of W3C Trace Context; the root of a new trace if it is none
     */
    public static Context caller(String traceParent) {
        return traceParent == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), traceParent, ONE_HEADER);
    }
}
