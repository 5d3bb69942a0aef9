package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.explain.BuildHistory;
import dev.wherry.daemon.builder.progress.ProgressReport;
import dev.wherry.daemon.builder.run.BuildClient;
import jakarta.inject.Singleton;
import java.util.function.Function;

/** Builds images for clients. */
@Singleton
public final class Builder {

    private final ContextOpener contexts;
    private final ImageBuilder images;
    private final DockerfileInspector inspector;
    private final BuildHistory history;
    private final BuildQueue queue;

    Builder(
            ContextOpener contexts,
            ImageBuilder images,
            DockerfileInspector inspector,
            BuildHistory history,
            BuildQueue queue) {
        this.queue = queue;
        this.contexts = contexts;
        this.images = images;
        this.inspector = inspector;
        this.history = history;
    }

    /**
     * A session with one client, in which one question is asked.
     *
     * @param clients the client's side of a context by its name; empty for the main context
     * @param steps gives secrets and agents to steps while they run
     * @param report learns of the progress
     * @throws dev.wherry.daemon.error.ForbiddenException when the caller may not use an option
     */
    public BuildSession session(
            BuildRequest request, Function<String, ContextClient> clients, BuildClient steps, ProgressReport report) {
        BuildLimits.check(request.options());
        return new BuildSession(contexts, images, inspector, history, queue, request, clients, steps, report);
    }
}
