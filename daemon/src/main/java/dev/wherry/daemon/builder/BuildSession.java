package dev.wherry.daemon.builder;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.access.DiskRoom;
import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.explain.BuildHistory;
import dev.wherry.daemon.builder.explain.Recording;
import dev.wherry.daemon.builder.export.OutputReceiver;
import dev.wherry.daemon.builder.progress.ProgressReport;
import dev.wherry.daemon.builder.report.DockerfileReport;
import dev.wherry.daemon.builder.report.Outline;
import dev.wherry.daemon.builder.report.Target;
import dev.wherry.daemon.builder.run.BuildClient;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.metrics.Metric;
import dev.wherry.daemon.metrics.Metrics;
import dev.wherry.daemon.trace.LogIds;
import dev.wherry.daemon.trace.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * A session with one client: its contexts are opened for the one question that it asks, a build or something about the
 * Dockerfile, and closed after the answer.
 */
public final class BuildSession {

    private static final Logger LOG = Logger.getLogger(BuildSession.class);
    private static final long NANOS_OF_MILLI = 1_000_000;

    private final ContextOpener contexts;
    private final ImageBuilder images;
    private final DockerfileInspector inspector;
    private final BuildHistory history;
    private final BuildQueue queue;
    private final BuildRequest request;
    private final Function<String, ContextClient> clients;
    private final BuildClient steps;
    private final ProgressReport report;
    private final NumberedProgress progress;

    BuildSession(
            ContextOpener contexts,
            ImageBuilder images,
            DockerfileInspector inspector,
            BuildHistory history,
            BuildQueue queue,
            BuildRequest request,
            Function<String, ContextClient> clients,
            BuildClient steps,
            ProgressReport report) {
        this.contexts = contexts;
        this.images = images;
        this.inspector = inspector;
        this.history = history;
        this.queue = queue;
        this.request = request;
        this.clients = clients;
        this.steps = steps;
        this.report = report;
        this.progress = new NumberedProgress(report);
    }

    /**
     * Builds an image, when it is the turn of this build among those of its caller's quota.
     *
     * @param receiver takes the outputs that are for the client
     * @throws InvalidInputException when the Dockerfile, an option, or something that an instruction names is wrong
     * @throws CancelledException when the calling thread was interrupted
     */
    public BuildResult build(OutputReceiver receiver) {
        try (BuildQueue.Turn _ = queue.await(Caller.current().quota(), progress)) {
            return buildNow(receiver);
        }
    }

    private BuildResult buildNow(OutputReceiver receiver) {
        DiskRoom.require();
        return inContexts((context, named, options) -> {
            Recording recording = history.begin(
                    HistoryRecorder.project(context, options), options.explain().ref(), (explanation, first) -> {
                        if (Metrics.areWanted()) {
                            explanation.kinds().forEach(kind -> Metrics.count(Metric.CACHE_MISSES, kind));
                        }
                        if (options.explain().all() || first && !explanation.isTrivial()) {
                            report.explained(explanation);
                        }
                    });
            progress.record(recording);
            LogIds.build(recording.ref());
            Span span = Traces.tracer()
                    .spanBuilder("build")
                    .setAttribute("wherry.build", recording.ref())
                    .startSpan();
            progress.trace(Context.current().with(span));
            long start = System.nanoTime();
            try {
                BuildResult result =
                        images.build(context, named, options, progress, clients, steps, recording, receiver);
                HistoryRecorder.completed(recording, result);
                ended("completed", start);
                result.product()
                        .image()
                        .ifPresent(image ->
                                span.setAttribute("wherry.image", image.id().toString()));
                return result;
            } catch (RuntimeException failure) {
                HistoryRecorder.failed(recording, failure);
                ended(failure instanceof CancelledException ? "cancelled" : "failed", start);
                span.setStatus(StatusCode.ERROR, String.valueOf(failure.getMessage()));
                throw failure;
            } finally {
                span.end();
            }
        });
    }

    private static void ended(String status, long startNanos) {
        LOG.debugf("%s after %d ms", status, (System.nanoTime() - startNanos) / NANOS_OF_MILLI);
        Metrics.count(Metric.BUILDS, status);
        Metrics.time(Metric.BUILD_TIME, Duration.ofNanos(System.nanoTime() - startNanos), status);
    }

    /**
     * Reports what the build checks find as warnings.
     *
     * @throws InvalidInputException when a build would refuse the Dockerfile or an option
     */
    public void check() {
        inspect(inspection -> {
            inspection.check(progress);
            return true;
        });
    }

    /** The arguments, secrets and agents that the target takes. */
    public Outline outline() {
        return inspect(DockerfileReport::outline);
    }

    /** The stages that can be built. */
    public List<Target> targets() {
        return inspect(DockerfileReport::targets);
    }

    private <T> T inspect(Function<DockerfileReport, T> question) {
        return inContexts((context, named, options) ->
                question.apply(inspector.inspect(context, named.unopened(context), options, progress)));
    }

    private interface Question<T> {
        T answer(BuildContext context, OpenContexts named, BuildOptions options);
    }

    private <T> T inContexts(Question<T> question) {
        try (ContextOpener.Opened main = contexts.main(request, clients.apply(""), steps, progress);
                OpenContexts named = contexts.named(request, clients, steps, progress)) {
            return question.answer(main.context(), named, request.options().orElse(main.dockerfile()));
        }
    }
}
