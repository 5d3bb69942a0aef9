package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.explain.Explanation;
import dev.wherry.daemon.builder.explain.Recording;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.Warning;
import java.time.Duration;
import java.util.Optional;

/** Progress that is also noted down for the history. */
final class RecordedProgress implements BuildProgress {

    private final BuildProgress client;
    private final Recording recording;

    RecordedProgress(BuildProgress client, Recording recording) {
        this.client = client;
        this.recording = recording;
    }

    @Override
    public void planned(int steps) {
        client.planned(steps);
    }

    @Override
    public void started(Step step, boolean cached) {
        recording.started(step.place(), step.name(), cached);
        client.started(step, cached);
    }

    @Override
    public void joined(Step step, Duration since) {
        recording.started(step.place(), step.name(), false);
        client.joined(step, since);
    }

    @Override
    public void output(Step step, Stream stream, byte[] data) {
        recording.output(step.place(), step.name(), data);
        client.output(step, stream, data);
    }

    @Override
    public void transferred(Step step, String item, long current, long total) {
        client.transferred(step, item, current, total);
    }

    @Override
    public void done(Step step, Duration duration, Optional<String> error) {
        recording.done(step.place(), step.name(), duration, error);
        client.done(step, duration, error);
    }

    @Override
    public void warning(Warning warning) {
        client.warning(warning);
    }

    @Override
    public void explained(Explanation explanation, boolean first) {
        client.explained(explanation, first);
    }
}
