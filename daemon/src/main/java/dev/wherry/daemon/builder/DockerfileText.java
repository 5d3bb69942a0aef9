package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.plan.Planner;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.report.DockerfileReport;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.ImageConfig;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The bytes of the Dockerfile of one build: they are parsed, and their lines are shown beside errors and warnings. */
record DockerfileText(byte[] bytes) {

    static final DockerfileText NOTHING = new DockerfileText(new byte[0]);

    /** The Dockerfile that the client sent, or else that of the context. */
    static DockerfileText of(BuildContext context, BuildOptions options) {
        return new DockerfileText(
                options.dockerfileContent().orElseGet(() -> context.dockerfile(options.dockerfile())));
    }

    /** @throws DockerfileException when the file cannot be parsed, after the warnings of the checks */
    Dockerfile parse(BuildOptions options, BuildProgress progress) {
        progress.source(options.dockerfile(), bytes);
        try {
            return Dockerfile.parse(options.dockerfile(), bytes);
        } catch (DockerfileException failure) {
            DockerfileReport.warnOfUnreadable(options.dockerfile(), bytes, options.buildArgs(), progress);
            throw failure;
        }
    }

    /**
     * What can be said of the file without building.
     *
     * @param bases the configs of base images by name, as far as they are known
     */
    DockerfileReport report(
            Dockerfile dockerfile,
            BuildContext context,
            BuildOptions options,
            Function<String, Optional<ImageConfig.Execution>> bases,
            Supplier<Planner> planner) {
        return new DockerfileReport(
                dockerfile, bytes, options.plan(), () -> context.ignored(options.ignoreFiles()), bases, planner);
    }

    /** The error for the client, with the line that the failure is about. */
    InvalidInputException located(DockerfileException failure, BuildOptions options) {
        return new InvalidInputException(failure.getMessage(), failure.showing(options.dockerfile(), bytes));
    }
}
