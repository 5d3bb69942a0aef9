package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.StepProgress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells the client of one build how one of its steps goes on, whoever does it. */
public final class StepReporter implements Consumer<StepLog.Event> {

    private final StepProgress progress;
    private long startNanos = System.nanoTime();
    private boolean started;
    private Runnable whenStarted = () -> {};

    StepReporter(StepProgress progress) {
        this.progress = progress;
    }

    /** Does something once the step is known to run. */
    void whenStarted(Runnable action) {
        whenStarted = action;
    }

    @Override
    public void accept(StepLog.Event event) {
        switch (event) {
            case StepLog.Event.Started(long atNanos) -> start(atNanos);
            case StepLog.Event.Output(BuildProgress.Stream stream, byte[] data) -> progress.output(stream, data);
            case StepLog.Event.Transferred(String item, long current, long total) ->
                progress.transferred(item, current, total);
            case StepLog.Event.Offered(String shell, String problem) -> progress.offered(shell, problem);
        }
    }

    private void start(long atNanos) {
        if (started) {
            return;
        }
        started = true;
        if (atNanos < startNanos) {
            progress.joined(Duration.ofNanos(startNanos - atNanos));
            startNanos = atNanos;
        } else {
            progress.started();
        }
        whenStarted.run();
    }

    /** Bytes that come in before the step is known to run; where they do, it has begun. */
    public void transferred(String item, long current, long total) {
        start(startNanos);
        progress.transferred(item, current, total);
    }

    void done() {
        end(Optional.empty());
    }

    RuntimeException failed(RuntimeException failure) {
        start(startNanos);
        end(Optional.of(String.valueOf(failure.getMessage())));
        return failure;
    }

    private void end(Optional<String> error) {
        progress.ended(Duration.ofNanos(System.nanoTime() - startNanos), error);
    }
}
