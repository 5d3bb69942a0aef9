package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.builder.BuildOptions;
import dev.wherry.daemon.builder.CacheOptions;
import dev.wherry.daemon.builder.ExplainOptions;
import java.util.Optional;

/** What messages about builds say, in the daemon's own terms. */
final class BuildMessages {
    private BuildMessages() {}

    /** @param dockerfile its content, when the client was asked for it */
    static BuildOptions options(dev.wherry.v1.BuildOptions options, Optional<byte[]> dockerfile) {
        Optional<byte[]> given = options.getDockerfileContent().isEmpty()
                ? dockerfile
                : Optional.of(options.getDockerfileContent().toByteArray());
        return new BuildOptions(
                dockerfileName(options),
                given,
                text(options.getTarget()),
                options.getBuildArgsMap(),
                text(options.getPlatform()),
                cache(options),
                RunMessages.options(options),
                OutputMessages.options(options),
                new ExplainOptions(
                        options.getExplain(),
                        text(options.getContext().getPath()).or(() -> text(options.getRemoteContext()))));
    }

    private static CacheOptions cache(dev.wherry.v1.BuildOptions options) {
        return new CacheOptions(options.getNoCache(), options.getNoCacheFilterList(), options.getPull());
    }

    static String dockerfileName(dev.wherry.v1.BuildOptions options) {
        return options.getDockerfile().isEmpty() ? "Dockerfile" : options.getDockerfile();
    }

    private static Optional<String> text(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
}
