package dev.wherry.daemon.api.grpc.builds;

import com.google.protobuf.UnsafeByteOperations;
import dev.wherry.daemon.builder.explain.Explanation;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.ProgressReport;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildPlan;
import dev.wherry.v1.ShellOffer;
import dev.wherry.v1.StepDone;
import dev.wherry.v1.StepExplanation;
import dev.wherry.v1.StepOutput;
import dev.wherry.v1.StepProgress;
import dev.wherry.v1.StepStarted;
import java.time.Duration;
import java.util.Optional;

/** Passes on the progress of a build to the client that asked for it. */
final class BuildEvents implements ProgressReport {

    private final EventSink out;

    BuildEvents(EventSink out) {
        this.out = out;
    }

    @Override
    public void planned(int steps) {
        send(BuildEvent.newBuilder().setPlan(BuildPlan.newBuilder().setSteps(steps)));
    }

    @Override
    public void started(int step, String name, boolean cached) {
        send(BuildEvent.newBuilder()
                .setStarted(StepStarted.newBuilder().setStep(step).setName(name).setCached(cached)));
    }

    @Override
    public void joined(int step, String name, Duration running) {
        send(BuildEvent.newBuilder()
                .setStarted(StepStarted.newBuilder().setStep(step).setName(name).setRunningNanos(running.toNanos())));
    }

    @Override
    public void output(int step, BuildProgress.Stream stream, byte[] data) {
        send(BuildEvent.newBuilder()
                .setOutput(StepOutput.newBuilder()
                        .setStep(step)
                        .setStream(
                                switch (stream) {
                                    case STDOUT -> StepOutput.Stream.STREAM_STDOUT;
                                    case STDERR -> StepOutput.Stream.STREAM_STDERR;
                                })
                        .setData(UnsafeByteOperations.unsafeWrap(data))));
    }

    @Override
    public void transferred(int step, String item, long current, long total) {
        send(BuildEvent.newBuilder()
                .setProgress(StepProgress.newBuilder()
                        .setStep(step)
                        .setItem(item)
                        .setCurrentBytes(current)
                        .setTotalBytes(total)));
    }

    @Override
    public void offered(int step, String shell, String problem) {
        send(BuildEvent.newBuilder()
                .setShell(ShellOffer.newBuilder().setStep(step).setId(shell).setProblem(problem)));
    }

    @Override
    public void ended(int step, Duration duration, Optional<String> error) {
        send(BuildEvent.newBuilder()
                .setDone(StepDone.newBuilder()
                        .setStep(step)
                        .setDurationNanos(duration.toNanos())
                        .setError(error.orElse(""))));
    }

    @Override
    public void warning(Warning warning) {
        send(BuildEvent.newBuilder().setWarning(ReportMessages.warning(warning)));
    }

    @Override
    public void explained(Explanation explanation) {
        send(BuildEvent.newBuilder()
                .setExplanation(StepExplanation.newBuilder()
                        .setStep(explanation.step())
                        .setName(explanation.name())
                        .setInstruction(explanation.instruction())
                        .addAllCauses(explanation.lines())
                        .addAllSuggestions(explanation.suggestions())
                        .setJson(explanation.json())));
    }

    private void send(BuildEvent.Builder event) {
        try {
            out.send(event.build());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled");
        }
    }
}
