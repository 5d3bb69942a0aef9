package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.Warning;
import java.time.Duration;
import java.util.Optional;

/** Tells of the steps of a second build of the same plan, so that they are not taken for those of the first. */
final class VerificationProgress implements BuildProgress {

    private final BuildProgress progress;
    private final int shift;

    /** @param shift added to the number of every step */
    VerificationProgress(BuildProgress progress, int shift) {
        this.progress = progress;
        this.shift = shift;
    }

    private Step again(Step step) {
        return new Step(step.id() + shift, step.stage(), "[again] " + step.name(), step.position(), step.source());
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
