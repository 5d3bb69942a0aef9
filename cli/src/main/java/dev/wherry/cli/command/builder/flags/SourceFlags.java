package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.client.builds.ClientContexts;
import dev.wherry.cli.client.builds.ContextLocation;
import dev.wherry.cli.client.builds.LocalDirectory;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.LayoutContext;
import dev.wherry.v1.NamedContext;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Flags of {@code wherry build} about additional build contexts. */
public final class SourceFlags {
    private static final String IMAGE = "docker-image://";
    private static final String LAYOUT = "oci-layout://";

    @Option(
            names = "--build-context",
            paramLabel = "NAME=SOURCE",
            description = "Additional build context: a directory, URL, docker-image://IMAGE or oci-layout://DIR[:TAG]")
    private List<String> contexts = new ArrayList<>();

    /** The files of this side that a build may ask for. */
    public ClientContexts contexts(BuildInput input) {
        Map<String, Path> named = new HashMap<>();
        contexts.forEach(flag -> directory(source(flag)).ifPresent(found -> named.put(name(flag), found.root())));
        Optional<Path> main = input.context() instanceof ContextLocation.Directory local
                ? Optional.of(local.directory().root())
                : Optional.empty();
        Optional<InputStream> archive = input.context() instanceof ContextLocation.Archive sent
                ? Optional.of(sent.content())
                : Optional.empty();
        return new ClientContexts(main, archive, named);
    }

    public void into(BuildOptions.Builder options) {
        contexts.forEach(flag -> options.addNamedContexts(context(name(flag), source(flag))));
    }

    private static NamedContext context(String name, String source) {
        NamedContext.Builder context = NamedContext.newBuilder().setName(name);
        Optional<LocalDirectory> directory = directory(source);
        if (source.startsWith(IMAGE)) {
            context.setImage(source.substring(IMAGE.length()));
        } else if (source.startsWith(LAYOUT)) {
            context.setLayout(LayoutContext.newBuilder()
                    .setDirectory(directory.orElseThrow().location())
                    .setSelector(selector(source.substring(LAYOUT.length()))));
        } else if (directory.isPresent()) {
            context.setLocal(directory.get().location());
        } else {
            context.setUrl(source);
        }
        return context.build();
    }

    /** The directory of this side that a source is in, if it is in one. */
    private static Optional<LocalDirectory> directory(String source) {
        if (source.startsWith(LAYOUT)) {
            String rest = source.substring(LAYOUT.length());
            String selector = selector(rest);
            String path = selector.isEmpty() ? rest : rest.substring(0, rest.length() - selector.length() - 1);
            return Optional.of(ContextLocation.directory(path));
        }
        if (source.startsWith(IMAGE) || source.matches("(?i)(https?|git|ssh)://.*")) {
            return Optional.empty();
        }
        if (source.matches("(?i)[a-z-]+://.*|target:.*")) {
            throw new Failure("build: --build-context does not know " + source.substring(0, source.indexOf(':') + 1)
                    + ": give a directory, a URL, docker-image:// or oci-layout://");
        }
        if (ContextLocation.isRemote(source) && !Path.of(source).toFile().exists()) {
            return Optional.empty();
        }
        return Optional.of(ContextLocation.directory(source));
    }

    /** The tag or digest after an image layout's path: {@code 1.0} of {@code /images/app:1.0}. */
    private static String selector(String layout) {
        int at = layout.lastIndexOf('@');
        int colon = layout.lastIndexOf(':');
        if (at >= 0) {
            return layout.substring(at + 1);
        }
        return colon > layout.lastIndexOf('/') ? layout.substring(colon + 1) : "";
    }

    private static String name(String flag) {
        int equals = flag.indexOf('=');
        if (equals <= 0 || equals == flag.length() - 1) {
            throw new Failure("build: --build-context is NAME=SOURCE, not \"" + flag + "\"");
        }
        return flag.substring(0, equals);
    }

    private static String source(String flag) {
        return flag.substring(name(flag).length() + 1);
    }
}
