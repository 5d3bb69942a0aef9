package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.command.Csv;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.BuildOutput;
import dev.wherry.v1.BuildOutput.Type;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One {@code --output}, written as docker's: {@code type=TYPE[,KEY=VALUE…]}, or a folder, or {@code -}.
 *
 * @param output what the daemon is asked for
 * @param destination where the client puts it: a file, a folder, {@code -} for standard output; empty where nothing
 *     comes to the client
 * @param annotations of the image's manifest
 */
record OutputSpec(BuildOutput output, String destination, Map<String, String> annotations) {
    static final String STDOUT = "-";

    private static final String ANNOTATION = "annotation";

    /** What has no meaning where nothing is pushed and one platform is built, or is so anyway. */
    private static final Set<String> OF_NO_EFFECT = Set.of(
            "name-canonical",
            "dangling-name-prefix",
            "unpack",
            "store",
            "buildinfo",
            "buildinfo-attrs",
            "platform-split",
            "attestation-prefix",
            "registry.insecure");

    private static final Set<String> OF_IMAGES = Set.of(
            "name",
            "push",
            "push-by-digest",
            "compression",
            "compression-level",
            "force-compression",
            "oci-mediatypes",
            "rewrite-timestamp",
            "tar");

    /** Whether the daemon sends anything. */
    boolean isForClient() {
        return switch (output.getType()) {
            case TYPE_LOCAL, TYPE_TAR, TYPE_OCI, TYPE_DOCKER -> true;
            case TYPE_IMAGE, TYPE_CACHE_ONLY, TYPE_UNSPECIFIED, UNRECOGNIZED -> false;
        };
    }

    /** Whether the client gets files for a folder, not a stream. */
    boolean isFolder() {
        return output.getType() == Type.TYPE_LOCAL || output.getFolder();
    }

    /** Whether the folder that it goes to may have some of the files of the result already. */
    boolean mayHaveFiles() {
        if (output.getType() != Type.TYPE_LOCAL) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(destination))) {
            return files.iterator().hasNext();
        } catch (IOException | InvalidPathException notThere) {
            return false;
        }
    }

    /** @throws Failure when it says nothing that can be done */
    static OutputSpec parse(String text) {
        List<String> fields = Csv.fields("--output", text);
        if (fields.size() == 1 && fields.getFirst().equals(text) && !text.startsWith("type=")) {
            Type type = text.equals(STDOUT) ? Type.TYPE_TAR : Type.TYPE_LOCAL;
            return new Reading(text, type.equals(Type.TYPE_TAR) ? "tar" : "local", text, new LinkedHashMap<>()).spec();
        }
        String type = "";
        String destination = "";
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String field : fields) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw new Failure("build: invalid --output " + text + ": \"" + field + "\" is not KEY=VALUE");
            }
            String key = field.substring(0, equals).strip();
            String value = field.substring(equals + 1);
            switch (key.toLowerCase(Locale.ROOT)) {
                case "type" -> type = value;
                case "dest" -> destination = value;
                default -> attributes.put(key, value);
            }
        }
        return new Reading(text, type, destination, attributes).spec();
    }

    /** One text while it is read. */
    private record Reading(String text, String type, String destination, Map<String, String> attributes) {
        private AttributeText given() {
            return new AttributeText("--output", text);
        }

        OutputSpec spec() {
            BuildOutput.Builder output = BuildOutput.newBuilder().setType(kind());
            Map<String, String> annotations = new LinkedHashMap<>();
            boolean plain = output.getType() == Type.TYPE_LOCAL
                    || output.getType() == Type.TYPE_TAR
                    || output.getType() == Type.TYPE_CACHE_ONLY;
            attributes.forEach((key, value) -> {
                String name = key.toLowerCase(Locale.ROOT);
                if (name.startsWith(ANNOTATION)) {
                    annotations.putAll(Annotations.ofAttribute(key, value));
                } else if (!OF_NO_EFFECT.contains(name)) {
                    if (!OF_IMAGES.contains(name) || plain && !name.equals("rewrite-timestamp")) {
                        throw unknown(name, plain);
                    }
                    set(output, name, value);
                }
            });
            return new OutputSpec(checked(output).build(), destination, annotations);
        }

        private Type kind() {
            return switch (type) {
                case "image" -> Type.TYPE_IMAGE;
                case "local" -> Type.TYPE_LOCAL;
                case "tar" -> Type.TYPE_TAR;
                case "oci" -> Type.TYPE_OCI;
                case "docker" -> destination.isEmpty() ? Type.TYPE_IMAGE : Type.TYPE_DOCKER;
                case "cacheonly" -> Type.TYPE_CACHE_ONLY;
                case "registry" -> throw noPush();
                case "" -> throw wrong("type is missing: image, local, tar, oci, docker or cacheonly");
                default ->
                    throw wrong("there is no type \"" + type + "\": it is image, local, tar, oci, docker or cacheonly");
            };
        }

        private void set(BuildOutput.Builder output, String name, String value) {
            switch (name) {
                case "name" ->
                    List.of(value.split(",")).stream()
                            .map(String::strip)
                            .filter(reference -> !reference.isEmpty())
                            .forEach(output::addNames);
                case "push", "push-by-digest" -> {
                    if (given().bool(name, value)) {
                        throw noPush();
                    }
                }
                case "compression" -> output.setCompression(given().compression(value));
                case "compression-level" -> output.setCompressionLevel(given().level(value));
                case "force-compression" -> output.setForceCompression(given().bool(name, value));
                case "oci-mediatypes" -> output.setOciMediaTypes(given().bool(name, value));
                case "rewrite-timestamp" -> output.setRewriteTimestamp(given().bool(name, value));
                case "tar" -> output.setFolder(!given().bool(name, value));
                default -> throw new IllegalStateException(name);
            }
        }

        private BuildOutput.Builder checked(BuildOutput.Builder output) {
            boolean stays = output.getType() == Type.TYPE_IMAGE || output.getType() == Type.TYPE_CACHE_ONLY;
            if (stays && !destination.isEmpty()) {
                throw wrong("type=" + type + " has no dest: it stays with the daemon");
            }
            boolean folder = output.getType() == Type.TYPE_LOCAL || output.getFolder();
            if (folder && (destination.isEmpty() || destination.equals(STDOUT))) {
                throw wrong("give the folder to write to: dest=DIR");
            }
            return output;
        }

        private Failure unknown(String name, boolean plain) {
            String known = plain ? "dest" : String.join(", ", new TreeSet<>(OF_IMAGES));
            return wrong("there is no option \"" + name + "\" for type=" + type + ", but: " + known);
        }

        private Failure noPush() {
            return wrong("pushing is not supported yet: leave it out, and the image is stored here;"
                    + " or write it with type=oci,dest=FILE for a tool that pushes");
        }

        private Failure wrong(String reason) {
            return given().wrong(reason);
        }
    }
}
