package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.context.NamedContexts;
import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.plan.Planner;
import dev.wherry.daemon.builder.plan.StoredBaseImages;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.report.DockerfileReport;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Reads Dockerfiles for a report, without building anything; nothing is pulled. */
@Singleton
final class DockerfileInspector {

    private final ImageStore images;

    DockerfileInspector(ImageStore images) {
        this.images = images;
    }

    /**
     * Reads the Dockerfile of a build.
     *
     * @param named further contexts, which are not read
     * @throws InvalidInputException when the Dockerfile or an option is wrong
     */
    DockerfileReport inspect(BuildContext context, NamedContexts named, BuildOptions options, BuildProgress progress) {
        DockerfileText text = DockerfileText.of(context, options);
        try {
            Dockerfile dockerfile = text.parse(options, progress);
            Platform platform = options.platforms().stream().findFirst().orElseGet(Platform::host);
            return text.report(
                    dockerfile,
                    context,
                    options,
                    this::localConfig,
                    () -> new Planner(
                            dockerfile,
                            new SourceDateArgument(dockerfile, options)
                                    .resolve(context.date(), named, (_, _) -> Optional.empty())
                                    .plan(),
                            new StoredBaseImages(images::find),
                            named,
                            platform));
        } catch (DockerfileException failure) {
            throw text.located(failure, options);
        }
    }

    private Optional<ImageConfig.Execution> localConfig(String image) {
        try {
            return images.find(Reference.parse(image))
                    .map(found -> found.config().config());
        } catch (InvalidInputException noReference) {
            return Optional.empty();
        }
    }
}
