package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.export.OutputOptions;
import dev.wherry.daemon.builder.plan.PlanOptions;
import dev.wherry.daemon.builder.run.RunOptions;
import dev.wherry.daemon.image.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client asks of a build, besides its context.
 *
 * @param dockerfile path of the Dockerfile, relative to the context or absolute
 * @param dockerfileContent the Dockerfile itself, when the client sent it; the path then only names it in messages
 * @param target stage to build; empty for the last
 * @param buildArgs values of build arguments
 * @param platforms what the image is built for; empty for the host's own
 * @param cache what is taken from where
 * @param run what the processes of RUN get
 * @param output what becomes of the result
 * @param explain what is told of it
 */
public record BuildOptions(
        String dockerfile,
        Optional<byte[]> dockerfileContent,
        Optional<String> target,
        Map<String, String> buildArgs,
        List<Platform> platforms,
        CacheOptions cache,
        RunOptions run,
        OutputOptions output,
        ExplainOptions explain) {
    public BuildOptions {
        buildArgs = Map.copyOf(buildArgs);
        platforms = List.copyOf(platforms);
    }

    /** Options of a build that says nothing but which file it builds. */
    public static BuildOptions of(String dockerfile) {
        return new BuildOptions(
                dockerfile,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                CacheOptions.DEFAULT,
                RunOptions.DEFAULT,
                OutputOptions.DEFAULT,
                ExplainOptions.DEFAULT);
    }

    /**
     * The same options with a Dockerfile that was found on the way, unless the client sent one.
     *
     * @param found empty for none
     */
    BuildOptions orElse(Optional<byte[]> found) {
        return dockerfileContent.isPresent() || found.isEmpty()
                ? this
                : new BuildOptions(dockerfile, found, target, buildArgs, platforms, cache, run, output, explain);
    }

    /** What of them the plan depends on. */
    PlanOptions plan() {
        return plan(platforms.stream().findFirst());
    }

    /** As above, for one of the platforms; empty for the host's own. */
    PlanOptions plan(Optional<Platform> platform) {
        return new PlanOptions(
                target,
                buildArgs,
                platform.map(Platform::toString),
                output.labels(),
                cache.noCacheStages(),
                run,
                output.date());
    }

    /** Where the file with the patterns of ignored files may be, in the order of precedence. */
    List<String> ignoreFiles() {
        return List.of(dockerfile + ".dockerignore", ".dockerignore");
    }
}
