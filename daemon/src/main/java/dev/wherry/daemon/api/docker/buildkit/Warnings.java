package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.daemon.builder.explain.Explanation;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.ProgressReport;
import dev.wherry.daemon.builder.progress.Warning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Keeps the warnings of a Dockerfile that is not built, and its text. */
final class Warnings implements ProgressReport {

    final List<Warning> found = Collections.synchronizedList(new ArrayList<>());

    private final ProgressReport client;
    private volatile byte[] text = {};

    /** @param client shows where an error is */
    Warnings(ProgressReport client) {
        this.client = client;
    }

    /** The Dockerfile; nothing before it is known. */
    byte[] text() {
        return text;
    }

    @Override
    public void source(String file, byte[] read) {
        text = read;
        client.source(file, read);
    }

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
    public void warning(Warning warning) {
        found.add(warning);
    }
}
