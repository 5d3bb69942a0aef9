package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.error.Failure;
import dev.wherry.v1.ActionsCache;
import dev.wherry.v1.CacheTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One {@code --cache-to}.
 *
 * @param message what the daemon is told
 * @param folder the directory of this side that the cache goes to
 */
record CacheTo(CacheTarget message, Optional<Path> folder) {

    private static final String FLAG = "--cache-to";
    private static final String TYPES = "registry, local, gha or inline";
    private static final long LARGEST_INDEX = 1 << 20;
    private static final int MOST_BLOBS = 10_000;

    /**
     * Reads {@code type=TYPE[,KEY=VALUE…]}; a reference alone is a registry's.
     *
     * @param environment may say where a cache of the runner of a job is
     * @param missing told of such a cache outside of a job, which is left out
     */
    static Optional<CacheTo> parse(String text, Map<String, String> environment, Consumer<String> missing) {
        AttributeText given = new AttributeText(FLAG, text);
        if (given.fields().size() == 1 && !text.contains("=")) {
            return Optional.of(new CacheTo(
                    CacheTarget.newBuilder()
                            .setType(CacheTarget.Type.TYPE_REGISTRY)
                            .setReference(text)
                            .build(),
                    Optional.empty()));
        }
        Map<String, String> attributes = given.attributes();
        CacheTarget.Builder target = CacheTarget.newBuilder();
        attributes.forEach((key, value) -> set(given, target, key, value));
        String type = attributes.getOrDefault("type", "");
        Optional<Path> folder = Optional.empty();
        switch (type) {
            case "inline" -> {
                CacheKeys.only(given, attributes, "mode", "ignore-error");
                target.setType(CacheTarget.Type.TYPE_INLINE);
            }
            case "registry" -> {
                only(given, attributes, "ref", "registry.insecure");
                target.setType(CacheTarget.Type.TYPE_REGISTRY)
                        .setReference(CacheKeys.required(given, attributes, "ref"));
            }
            case "local" -> {
                only(given, attributes, "dest", "tag");
                Path path = Path.of(CacheKeys.required(given, attributes, "dest"));
                target.setType(CacheTarget.Type.TYPE_LOCAL).setTag(attributes.getOrDefault("tag", ""));
                present(path, target);
                folder = Optional.of(path);
            }
            case "gha" -> {
                CacheKeys.only(
                        given,
                        attributes,
                        "url",
                        "url_v2",
                        "token",
                        "scope",
                        "version",
                        "mode",
                        "compression",
                        "compression-level",
                        "force-compression",
                        "ignore-error");
                Optional<ActionsCache> access = ActionsFlags.access(given, attributes, environment);
                if (access.isEmpty()) {
                    missing.accept(ActionsFlags.absent(FLAG));
                    return Optional.empty();
                }
                target.setType(CacheTarget.Type.TYPE_ACTIONS).setActions(access.get());
            }
            default -> throw CacheKeys.unknownType(given, type, TYPES);
        }
        return Optional.of(new CacheTo(target.build(), folder));
    }

    private static void only(AttributeText given, Map<String, String> attributes, String one, String other) {
        CacheKeys.only(
                given,
                attributes,
                one,
                other,
                "mode",
                "compression",
                "compression-level",
                "force-compression",
                "oci-mediatypes",
                "image-manifest",
                "ignore-error");
    }

    private static void set(AttributeText given, CacheTarget.Builder target, String key, String value) {
        switch (key) {
            case "mode" ->
                target.setMax(
                        switch (value) {
                            case "min" -> false;
                            case "max" -> true;
                            default -> throw given.wrong("mode is min or max, not \"" + value + "\"");
                        });
            case "compression" -> target.setCompression(given.compression(value));
            case "compression-level" -> target.setCompressionLevel(given.level(value));
            case "force-compression" -> target.setForceCompression(given.bool(key, value));
            case "oci-mediatypes" -> target.setOciMediaTypes(given.bool(key, value));
            case "image-manifest" -> target.setImageManifest(given.bool(key, value));
            case "ignore-error" -> target.setIgnoreError(given.bool(key, value));
            default -> {}
        }
    }

    /** Tells what the directory has already, so that it is not sent again. */
    private static void present(Path folder, CacheTarget.Builder target) {
        try {
            Path index = folder.resolve("index.json");
            if (Files.isRegularFile(index) && Files.size(index) <= LARGEST_INDEX) {
                target.setIndex(com.google.protobuf.ByteString.copyFrom(Files.readAllBytes(index)));
            }
            Path blobs = folder.resolve("blobs").resolve("sha256");
            if (Files.isDirectory(blobs)) {
                try (Stream<Path> files = Files.list(blobs)) {
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.matches("[0-9a-f]{64}"))
                            .limit(MOST_BLOBS)
                            .forEach(name -> target.addBlobs("sha256:" + name));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw Failure.of("build: " + FLAG + ": " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }
}
