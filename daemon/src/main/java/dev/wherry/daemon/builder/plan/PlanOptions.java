package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.run.RunOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What decides how a Dockerfile is read and which of its stages are built.
 *
 * @param target stage to build; empty for the last
 * @param buildArgs values of build arguments
 * @param platform {@code os/arch[/variant]}; empty for the host's own
 * @param labels labels added to the image
 * @param noCacheStages names or numbers of stages of which every step is run
 * @param run what the processes of RUN get
 * @param date the time that the result bears
 */
public record PlanOptions(
        Optional<String> target,
        Map<String, String> buildArgs,
        Optional<String> platform,
        Map<String, String> labels,
        List<String> noCacheStages,
        RunOptions run,
        SourceDate date) {

    /** The last stage for the host's platform. */
    public static final PlanOptions DEFAULT = new PlanOptions(
            Optional.empty(), Map.of(), Optional.empty(), Map.of(), List.of(), RunOptions.DEFAULT, SourceDate.NONE);

    public PlanOptions {
        buildArgs = Map.copyOf(buildArgs);
        labels = Map.copyOf(labels);
        noCacheStages = List.copyOf(noCacheStages);
    }
}
