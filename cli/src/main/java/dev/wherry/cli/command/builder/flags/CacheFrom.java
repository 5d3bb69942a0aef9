package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.client.builds.LocalDirectory;
import dev.wherry.v1.ActionsCache;
import dev.wherry.v1.CacheSource;
import dev.wherry.v1.LayoutContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One source of {@code --cache-from}.
 *
 * @param message what the daemon is told
 * @param folder the directory of this side that has the cache
 */
record CacheFrom(CacheSource message, Optional<Path> folder) {

    private static final String FLAG = "--cache-from";

    /**
     * Reads {@code type=TYPE[,KEY=VALUE…]}, or the references of images.
     *
     * @param environment may say where a cache of the runner of a job is
     * @param missing told of a directory without a cache, and of a runner's cache outside of a job, which are left out
     */
    static List<CacheFrom> parse(String text, Map<String, String> environment, Consumer<String> missing) {
        AttributeText given = new AttributeText(FLAG, text);
        List<String> fields = given.fields();
        if (fields.stream().noneMatch(field -> field.contains("="))) {
            return fields.stream().map(CacheFrom::registry).toList();
        }
        Map<String, String> attributes = given.attributes();
        String type = attributes.getOrDefault("type", "");
        return switch (type) {
            case "registry" -> {
                CacheKeys.only(given, attributes, "ref", "registry.insecure");
                yield List.of(registry(CacheKeys.required(given, attributes, "ref")));
            }
            case "local" -> {
                CacheKeys.only(given, attributes, "src", "digest", "tag");
                String folder = CacheKeys.required(given, attributes, "src");
                String selector = attributes.getOrDefault("digest", attributes.getOrDefault("tag", ""));
                yield local(folder, selector, missing);
            }
            case "gha" -> {
                CacheKeys.only(given, attributes, "url", "url_v2", "token", "scope", "version");
                Optional<ActionsCache> access = ActionsFlags.access(given, attributes, environment);
                if (access.isEmpty()) {
                    missing.accept(ActionsFlags.absent(FLAG));
                }
                yield access.stream().map(CacheFrom::actions).toList();
            }
            case "inline" -> throw given.wrong("an inline cache is read with type=registry,ref=IMAGE");
            default -> throw CacheKeys.unknownType(given, type, "registry, local or gha");
        };
    }

    private static CacheFrom registry(String reference) {
        return new CacheFrom(CacheSource.newBuilder().setRegistry(reference).build(), Optional.empty());
    }

    private static CacheFrom actions(ActionsCache access) {
        return new CacheFrom(CacheSource.newBuilder().setActions(access).build(), Optional.empty());
    }

    private static List<CacheFrom> local(String folder, String selector, Consumer<String> missing) {
        try {
            Path root = Path.of(folder).toRealPath();
            if (Files.isRegularFile(root.resolve("index.json"))) {
                LayoutContext layout = LayoutContext.newBuilder()
                        .setDirectory(new LocalDirectory(root).location())
                        .setSelector(selector)
                        .build();
                return List.of(
                        new CacheFrom(CacheSource.newBuilder().setLayout(layout).build(), Optional.of(root)));
            }
        } catch (IOException | InvalidPathException absent) {
            // Said below.
        }
        missing.accept(FLAG + ": there is no cache in " + folder + " yet");
        return List.of();
    }
}
