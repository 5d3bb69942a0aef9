package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be built: the graph below the target's last vertex, and the image that comes of it.
 *
 * @param top the vertex whose file system the image has
 * @param config how the image runs
 * @param following for a vertex, the steps after it that change the config only
 * @param steps how many steps the plan has in all
 * @param last the largest number of a step
 * @param uncachedStages names of stages of which no step is taken from the cache
 */
public record Plan(
        Vertex top,
        ImageConfig.Execution config,
        Optional<String> author,
        Platform platform,
        List<HistoryLine> history,
        Map<Vertex, List<Step>> following,
        int steps,
        int last,
        Set<String> uncachedStages) {}
