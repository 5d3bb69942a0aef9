package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepNumbers;
import dev.wherry.daemon.builder.progress.Warning;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Reports the steps of a second build of the same plan under numbers and names of their own. */
final class VerificationProgress implements BuildProgress {

    private final BuildProgress progress;
    private final StepNumbers numbers;
    private final Map<Integer, Step> steps = new ConcurrentHashMap<>();

    VerificationProgress(BuildProgress progress, StepNumbers numbers) {
        this.progress = progress;
        this.numbers = numbers;
    }

    private Step again(Step step) {
        return steps.computeIfAbsent(
                step.id(),
                first -> new Step(
                        numbers.next(), step.stage(), "[again] " + step.name(), step.position(), step.source()));
    }

    @Override
    public void started(Step step, boolean cached) {
        progress.started(again(step), cached);
    }

    @Override
    public void joined(Step step, Duration running) {
        progress.joined(again(step), running);
    }

    @Override
    public void output(Step step, Stream stream, byte[] data) {
        progress.output(again(step), stream, data);
    }

    @Override
    public void transferred(Step step, String item, long current, long total) {
        progress.transferred(again(step), item, current, total);
    }

    @Override
    public void done(Step step, Duration duration, Optional<String> error) {
        progress.done(again(step), duration, error);
    }

    @Override
    public void warning(Warning warning) {
        progress.warning(warning);
    }
}
