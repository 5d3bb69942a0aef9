package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.builder.BuildOptions;
import dev.wherry.daemon.builder.BuildRequest;
import dev.wherry.daemon.builder.CacheOptions;
import dev.wherry.daemon.builder.ExplainOptions;
import dev.wherry.daemon.builder.context.ContextSource;
import dev.wherry.daemon.builder.context.SharedDirectory;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.image.Platform;
import dev.wherry.v1.LocalContext;
import dev.wherry.v1.NamedContext;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Messages about builds in the daemon's own terms. */
final class BuildMessages {
    private BuildMessages() {}

    static BuildRequest request(dev.wherry.v1.BuildOptions options) {
        return new BuildRequest(
                options(options),
                context(options),
                options.getNamedContextsList().stream()
                        .map(context -> new BuildRequest.Named(context.getName(), source(context)))
                        .toList());
    }

    private static BuildOptions options(dev.wherry.v1.BuildOptions options) {
        return new BuildOptions(
                options.getDockerfile().isEmpty() ? "Dockerfile" : options.getDockerfile(),
                options.getDockerfileContent().isEmpty()
                        ? Optional.empty()
                        : Optional.of(options.getDockerfileContent().toByteArray()),
                text(options.getTarget()),
                options.getBuildArgsMap(),
                RequestField.read("options.platform", () -> Platform.parseAll(options.getPlatform())),
                new CacheOptions(
                        options.getNoCache(),
                        options.getNoCacheFilterList(),
                        options.getPull(),
                        SharedCacheMessages.sources(options),
                        SharedCacheMessages.targets(options)),
                RunMessages.options(options),
                OutputMessages.options(options),
                new ExplainOptions(
                        options.getExplain(),
                        text(options.getContext().getPath()).or(() -> text(options.getRemoteContext())),
                        Optional.empty()));
    }

    private static ContextSource.Files context(dev.wherry.v1.BuildOptions options) {
        if (options.getArchiveContext()) {
            return new ContextSource.Archive();
        }
        if (!options.getRemoteContext().isEmpty()) {
            return new ContextSource.Address(options.getRemoteContext());
        }
        return options.hasContext()
                ? new ContextSource.Directory(directory(options.getContext()))
                : new ContextSource.Nothing();
    }

    private static ContextSource source(NamedContext context) {
        return switch (context.getSourceCase()) {
            case IMAGE -> new ContextSource.Image(context.getImage());
            case LOCAL -> new ContextSource.Directory(directory(context.getLocal()));
            case URL -> new ContextSource.Address(context.getUrl());
            case LAYOUT ->
                new ContextSource.Layout(
                        directory(context.getLayout().getDirectory()),
                        context.getLayout().getSelector());
            case SOURCE_NOT_SET ->
                throw new InvalidInputException("the build context \"" + context.getName() + "\" has no source");
        };
    }

    static SharedDirectory directory(LocalContext local) {
        try {
            return SharedDirectory.claimed(
                    Path.of(local.getPath()), local.getMountNamespace(), local.getDevice(), local.getInode());
        } catch (InvalidPathException malformed) {
            throw new InvalidInputException("the path of the build context has a NUL in it");
        }
    }

    private static Optional<String> text(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
}
