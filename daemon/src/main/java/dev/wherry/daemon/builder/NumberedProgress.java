package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.explain.Place;
import dev.wherry.daemon.builder.explain.Recording;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.ProgressReport;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepProgress;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.metrics.Metric;
import dev.wherry.daemon.metrics.Metrics;
import dev.wherry.daemon.trace.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The progress of one build on its way to the client and the history, where steps get their numbers: the step of an
 * instruction has the number of its place in the plan, so that a user finds the step in the history under the number
 * that the progress showed. Other steps are numbered downwards from 0 before the plan is known, such as the loading of a
 * context, and upwards from the last number of the plan after that.
 */
final class NumberedProgress implements BuildProgress {

    private final ProgressReport report;
    private final Map<Step, Integer> unplaced = new IdentityHashMap<>();
    private volatile Optional<Recording> recording = Optional.empty();
    private volatile Context trace = Context.root();
    private int nextBefore;
    private int lastPlanned = -1;

    NumberedProgress(ProgressReport report) {
        this.report = report;
    }

    /** Records the steps that are reported from now on. */
    void record(Recording into) {
        recording = Optional.of(into);
    }

    /** The span that those of the steps are parts of. */
    void trace(Context build) {
        trace = build;
    }

    private Span span(int number, String name) {
        return Traces.tracer()
                .spanBuilder(name)
                .setParent(trace)
                .setAttribute("wherry.step", number)
                .startSpan();
    }

    /**
     * The build has been planned.
     *
     * @param last the largest number of a step of the plan
     */
    void planned(int steps, int last) {
        synchronized (unplaced) {
            lastPlanned = last;
        }
        report.planned(steps);
    }

    private int number(Step step) {
        if (step.place().isPresent()) {
            return step.place().get().step();
        }
        synchronized (unplaced) {
            return unplaced.computeIfAbsent(step, _ -> lastPlanned < 0 ? nextBefore-- : ++lastPlanned);
        }
    }

    @Override
    public StepProgress step(Step step) {
        int number = number(step);
        return new Numbered(number, step.name(), step.place().orElseGet(() -> new Place(number, "", step.name())));
    }

    @Override
    public void source(String file, byte[] text) {
        report.source(file, text);
    }

    @Override
    public void warning(Warning warning) {
        report.warning(warning);
    }

    private final class Numbered implements StepProgress {

        private final int number;
        private final String name;
        private final Place place;
        private volatile boolean runs;
        private volatile Span span = Span.getInvalid();

        private Numbered(int number, String name, Place place) {
            this.number = number;
            this.name = name;
            this.place = place;
        }

        @Override
        public void started() {
            runs = true;
            span = span(number, name);
            recording.ifPresent(into -> into.started(place, name, false));
            report.started(number, name, false);
        }

        @Override
        public void cached() {
            Metrics.count(Metric.STEPS, "cached");
            span(number, name).setAttribute("wherry.cached", true).end();
            recording.ifPresent(into -> into.started(place, name, true));
            report.started(number, name, true);
        }

        @Override
        public void joined(Duration running) {
            Metrics.count(Metric.STEPS, "joined");
            span = span(number, name).setAttribute("wherry.joined", true);
            recording.ifPresent(into -> into.started(place, name, false));
            report.joined(number, name, running);
        }

        @Override
        public void output(Stream stream, byte[] data) {
            recording.ifPresent(into -> into.output(place, name, data));
            report.output(number, stream, data);
        }

        @Override
        public void transferred(String item, long current, long total) {
            report.transferred(number, item, current, total);
        }

        @Override
        public void offered(String shell, String problem) {
            report.offered(number, shell, problem);
        }

        @Override
        public void ended(Duration duration, Optional<String> error) {
            error.ifPresent(problem -> span.setStatus(StatusCode.ERROR, problem));
            span.end();
            if (runs) {
                Metrics.count(Metric.STEPS, error.isEmpty() ? "ran" : "failed");
                Metrics.time(Metric.STEP_TIME, duration);
            }
            recording.ifPresent(into -> into.done(place, name, duration, error));
            report.ended(number, duration, error);
        }
    }
}
