package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What {@code inspect} and {@code ps} say of containers, beside what a Docker daemon said of the same ones. The answers
 * were recorded: {@code src/test/resources/docker/README.md} says how. Names, types, formats and values of all fields must
 * agree but for the listed deviations.
 */
class DockerAnswersIT {

    private static final Path RECORDED = Path.of("src/test/resources/docker");
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private static final List<String> names = new ArrayList<>();

    @BeforeAll
    static void runTheCases() throws Exception {
        Busybox.importInto(daemon);
        Files.createFile(daemon.home().resolve("mounted"));
        for (String line : lines("cases")) {
            String[] words = line.split("\\s+", 3);
            names.addFirst(words[0]);
            String command = "%s %s --name %s %s"
                    .formatted(System.getProperty("wherry.cli"), words[1], words[0], words[2])
                    .replace("%%", daemon.home().toString());
            ProcessBuilder shell = new ProcessBuilder(List.of("sh", "-c", command)).redirectErrorStream(true);
            shell.environment().put("WHERRY_HOST", "unix://" + daemon.socket());
            Process process = shell.start();
            String said = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor()).as(command + "\n" + said).isEqualTo(words[0].equals("failed") ? 3 : 0);
        }
        daemon.wherry("pause", "paused").ok();
        Awaitility.await()
                .until(() ->
                        inspect("checked").at("/State/Health/Status").asText().equals("healthy"));
    }

    @Test
    void inspectAgreesInEveryField() throws Exception {
        Map<String, Set<String>> differences = new TreeMap<>();
        for (String name : names) {
            Map<String, String> recorded = fields(
                    JSON.readTree(RECORDED.resolve("inspect/" + name + ".json").toFile())
                            .get(0));
            Map<String, String> ours = fields(inspect(name));
            Set<String> paths = new TreeSet<>(recorded.keySet());
            paths.addAll(ours.keySet());
            for (String path : paths) {
                String theirs = recorded.getOrDefault(path, "nothing");
                String here = ours.getOrDefault(path, "nothing");
                if (!theirs.equals(here)) {
                    differences.computeIfAbsent(path, key -> new TreeSet<>()).add(name + ": " + theirs + " / " + here);
                }
            }
        }
        requireOnlyListed("inspect", differences);
    }

    @Test
    void psAgreesInEveryField() throws Exception {
        Map<String, Set<String>> differences = new TreeMap<>();
        List<String> recorded = lines("ps.json");
        List<String> ours = daemon.wherry("ps", "-a", "--format", "{{json .}}")
                .ok()
                .stdout()
                .lines()
                .toList();
        assertThat(ours).hasSameSizeAs(recorded);
        for (int i = 0; i < ours.size(); i++) {
            Map<String, String> theirs = fields(JSON.readTree(recorded.get(i)));
            Map<String, String> here = fields(JSON.readTree(ours.get(i)));
            assertThat(here.keySet()).isEqualTo(theirs.keySet());
            for (String path : here.keySet()) {
                if (!here.get(path).equals(theirs.get(path))) {
                    differences
                            .computeIfAbsent(path, key -> new TreeSet<>())
                            .add(names.get(i) + ": " + theirs.get(path) + " / " + here.get(path));
                }
            }
        }
        requireOnlyListed("ps", differences);
    }

    @Test
    void tableOfPsHasTheSameColumnsAndCells() throws Exception {
        assertThat(daemon.wherry("ps", "-a").ok().stdout().lines().map(DockerAnswersIT::cells))
                .containsExactlyElementsOf(
                        lines("ps.txt").stream().map(DockerAnswersIT::cells).toList());
    }

    /** The cells of a row, without what differs from run to run and without the padding. */
    private static List<String> cells(String row) {
        return Stream.of(row.split("  +")).map(DockerAnswersIT::format).toList();
    }

    private static void requireOnlyListed(String command, Map<String, Set<String>> differences) throws IOException {
        Map<String, String> listed = new LinkedHashMap<>();
        for (String line : lines("deviations")) {
            String[] words = line.split("\\s+", 3);
            assertThat(words)
                    .as("a deviation has a command, a field and a reason: " + line)
                    .hasSize(3);
            if (words[0].equals(command)) {
                listed.put(words[1], words[2]);
            }
        }
        Map<String, Set<String>> unlisted = new TreeMap<>(differences);
        unlisted.keySet().removeIf(path -> listed.keySet().stream().anyMatch(known -> covers(known, path)));
        assertThat(unlisted).as("fields that differ: recorded / ours").isEmpty();
        assertThat(listed.keySet())
                .as("each listed deviation exists")
                .allMatch(known -> differences.keySet().stream().anyMatch(path -> covers(known, path)));
    }

    private static boolean covers(String known, String path) {
        return path.equals(known) || path.startsWith(known + ".") || path.startsWith(known + "[");
    }

    private static JsonNode inspect(String name) throws IOException {
        return JSON.readTree(daemon.wherry("inspect", name).ok().stdout()).get(0);
    }

    /** The type and value of every field, by its path; a value that differs from run to run is only named by its format. */
    private static Map<String, String> fields(JsonNode node) {
        Map<String, String> fields = new TreeMap<>();
        collect("", node, fields);
        return fields;
    }

    private static void collect(String path, JsonNode node, Map<String, String> fields) {
        if (path.equals("State.Health.Log")) {
            collect(path + "[0]", node.get(0), fields); // as many as there were checks so far
        } else if (path.equals("ExecIDs")) {
            fields.put(path, "null, or the checks that run now");
        } else if (node.isObject()) {
            fields.put(path, "object");
            node.properties()
                    .forEach(field -> collect(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), fields));
        } else if (node.isArray()) {
            fields.put(path, "list of " + node.size());
            List<JsonNode> elements = new ArrayList<>();
            node.forEach(elements::add);
            if (path.equals("Mounts")) {
                elements.sort(java.util.Comparator.comparing(
                        mount -> mount.path("Destination").asText()));
            }
            for (int i = 0; i < elements.size(); i++) {
                collect(path + "[" + i + "]", elements.get(i), fields);
            }
        } else if (node.isTextual()) {
            fields.put(path, '"' + format(node.asText()) + '"');
        } else if (path.equals("State.Pid")) {
            fields.put(path, node.asInt() > 0 ? "a process" : "0");
        } else {
            fields.put(path, node.toString());
        }
    }

    private static String format(String text) {
        return text.replaceAll("\\b[0-9a-f]{64}\\b", "ID")
                .replaceAll("^[0-9a-f]{12}$", "SHORT-ID")
                .replaceAll("^(?!0001)\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{1,9}(Z|\\+00:00)$", "TIME")
                .replaceAll("^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\+0000 UTC$", "TIME")
                .replaceAll("(\\d+ seconds?|Less than a second|About a minute|\\d+ minutes?)( ago)?", "AGE$2")
                .replaceAll("/tmp/(tmp\\.|wherry-it)[\\w-]*", "FOLDER");
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(RECORDED.resolve(file)).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }
}
