package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The config and history that a Dockerfile gives an image are those that Docker gives it: a folder a case in {@code
 * src/test/resources/config-parity}, whose README says how they were recorded.
 */
class ConfigParityIT {

    private static final Path CASES = Path.of("src/test/resources/config-parity");
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    static List<Path> cases() throws IOException {
        try (var folders = Files.list(CASES)) {
            return folders.filter(Files::isDirectory)
                    .map(Path::getFileName)
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void configAndHistoryAreDockers(Path name) throws IOException {
        Path folder = CASES.resolve(name);
        String dockerfile = Files.readString(folder.resolve("Dockerfile"));
        String id =
                Project.of(daemon, dockerfile).file("a", "a\n").file("b", "b\n").id();

        JsonNode image = JSON.readTree(daemon.root()
                .resolve("content/blobs/sha256")
                .resolve(id.replace("sha256:", ""))
                .toFile());
        boolean onBase = dockerfile.contains("FROM busybox");

        assertThat(image.get("config")).isEqualTo(config(folder));
        assertThat(history(image, onBase)).isEqualTo(history(folder, onBase));
        assertThat(image.path("author")).isEqualTo(recorded(folder).path("author"));
    }

    private static JsonNode recorded(Path folder) throws IOException {
        Path file = folder.resolve("docker.json");
        return Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.createObjectNode();
    }

    private static JsonNode config(Path folder) throws IOException {
        Path newer = folder.resolve("config.json");
        ObjectNode config = (ObjectNode)
                (Files.exists(newer)
                        ? JSON.readTree(newer.toFile())
                        : recorded(folder).get("config"));
        if (config.path("OnBuild").isNull()) {
            config.remove("OnBuild");
        }
        return config;
    }

    /** Entries as text; that of the base image, which was imported, is left out. */
    private static List<String> history(JsonNode image, boolean onBase) {
        List<String> lines = new ArrayList<>();
        image.path("history")
                .forEach(entry -> lines.add(entry.path("created_by").asText()
                        + (entry.path("empty_layer").asBoolean() ? " (no layer)" : "")));
        return onBase ? lines.subList(1, lines.size()) : lines;
    }

    private static List<String> history(Path folder, boolean onBase) throws IOException {
        List<String> recorded = history(recorded(folder), onBase);
        Path newer = folder.resolve("history");
        if (!Files.exists(newer)) {
            return recorded;
        }
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(newer)) {
            lines.add(line.endsWith(" # buildkit") ? line : line + " (no layer)");
        }
        return lines;
    }
}
