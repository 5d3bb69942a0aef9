package dev.wherry.daemon.network.cni;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.error.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A network: plugins that run one after another for each pod.
 *
 * @param json the configuration as a list, whose {@code plugins} these are
 */
record CniConfiguration(
        String name, CniVersion version, boolean checks, boolean collects, List<ObjectNode> plugins, ObjectNode json) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LARGEST = 1 << 20;
    private static final int MOST_PLUGINS = 32;
    private static final Pattern FILE = Pattern.compile(".+\\.(conflist|conf|json)");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");

    CniConfiguration {
        plugins = List.copyOf(plugins);
    }

    /** The file that is used: the first by name. */
    static Optional<Path> file(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> FILE.matcher(file.getFileName().toString()).matches())
                    .filter(Files::isRegularFile)
                    .sorted()
                    .findFirst();
        } catch (NoSuchFileException | NotDirectoryException none) {
            return Optional.empty();
        } catch (IOException failure) {
            throw new HostException("cannot read " + folder + ": " + failure.getMessage(), failure);
        }
    }

    /**
     * Reads a file: a list of plugins, or a single one.
     *
     * @throws HostException when it is no configuration
     */
    static CniConfiguration read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new HostException("the CNI configuration " + file + " is larger than 1 MiB");
            }
            return parse(Files.readString(file));
        } catch (IOException failure) {
            throw new HostException("cannot read " + file + ": " + failure.getMessage(), failure);
        } catch (IllegalArgumentException malformed) {
            throw new HostException(
                    "the CNI configuration " + file + " is unusable: " + malformed.getMessage(), malformed);
        }
    }

    /** @throws IllegalArgumentException when it is no configuration */
    static CniConfiguration parse(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (!(json instanceof ObjectNode object)) {
                throw new IllegalArgumentException("it is no object of JSON");
            }
            return of(object.has("plugins") ? object : list(object));
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(malformed.getOriginalMessage(), malformed);
        }
    }

    /** A single plugin as a list of one. */
    private static ObjectNode list(ObjectNode plugin) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.set("name", plugin.path("name"));
        if (plugin.hasNonNull("cniVersion")) {
            list.set("cniVersion", plugin.get("cniVersion"));
        }
        list.putArray("plugins").add(plugin);
        return list;
    }

    private static CniConfiguration of(ObjectNode list) {
        String name = list.path("name").asText();
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("\"name\" is missing, or not letters, digits, \".\", \"_\" and \"-\"");
        }
        List<ObjectNode> plugins = new ArrayList<>();
        for (JsonNode plugin : list.path("plugins")) {
            String type = plugin.path("type").asText();
            if (!(plugin instanceof ObjectNode object) || !NAME.matcher(type).matches()) {
                throw new IllegalArgumentException("\"type\" of a plugin is missing, or no name of a program");
            }
            plugins.add(object);
        }
        if (plugins.isEmpty() || plugins.size() > MOST_PLUGINS) {
            throw new IllegalArgumentException("it names no plugin, or more than " + MOST_PLUGINS);
        }
        return new CniConfiguration(
                name,
                version(list),
                !list.path("disableCheck").asBoolean(),
                !list.path("disableGC").asBoolean(),
                plugins,
                list);
    }

    /** The newest version that is named and known here. */
    private static CniVersion version(ObjectNode list) {
        List<String> named = new ArrayList<>();
        list.path("cniVersions").forEach(version -> named.add(version.asText()));
        if (list.hasNonNull("cniVersion")) {
            named.add(list.path("cniVersion").asText());
        }
        if (named.isEmpty()) {
            return CniVersion.FIRST;
        }
        return named.stream()
                .map(CniVersion::parse)
                .filter(version -> !version.isFrom(CniVersion.NEWEST) || version.equals(CniVersion.NEWEST))
                .max(CniVersion::compareTo)
                .orElseThrow(() -> new IllegalArgumentException(
                        "its version " + named.getFirst() + " is newer than " + CniVersion.NEWEST));
    }
}
