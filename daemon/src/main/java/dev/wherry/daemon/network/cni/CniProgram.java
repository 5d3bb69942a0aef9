package dev.wherry.daemon.network.cni;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.ShortProgram;
import dev.wherry.daemon.linux.ShortProgram.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs plugins. */
final class CniProgram {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final List<Path> folders;

    CniProgram(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /**
     * Runs a plugin.
     *
     * @param command such as ADD
     * @param variables what else its environment says
     * @param input its configuration, whose {@code type} is the program
     * @return its answer; missing when it has none
     * @throws HostException when it fails, with what it says of that
     */
    JsonNode run(String command, Map<String, String> variables, ObjectNode input) {
        String type = input.path("type").asText();
        Path program = find(type);
        List<String> environment = new ArrayList<>(List.of(
                "PATH=" + SYSTEM_PATH,
                "CNI_COMMAND=" + command,
                "CNI_PATH=" + folders.stream().map(Path::toString).collect(Collectors.joining(":"))));
        variables.forEach((name, value) -> environment.add(name + "=" + value));
        try {
            Answer answer = ShortProgram.run(
                    List.of(program.toString()),
                    environment,
                    input.toString().getBytes(StandardCharsets.UTF_8),
                    PATIENCE);
            if (answer.code() != 0) {
                throw new HostException("CNI plugin " + type + ": " + reason(answer));
            }
            return answer.output().isBlank() ? MissingNode.getInstance() : JSON.readTree(answer.output());
        } catch (JsonProcessingException malformed) {
            throw new HostException("CNI plugin " + type + " answered what is no JSON", malformed);
        } catch (IOException failure) {
            throw new HostException("cannot run " + program + ": " + failure.getMessage(), failure);
        }
    }

    /** @throws HostException when there is no such program */
    Path find(String type) {
        return folders.stream()
                .map(folder -> folder.resolve(type))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new HostException("the CNI plugin " + type + " is missing in "
                        + folders.stream().map(Path::toString).collect(Collectors.joining(", "))));
    }

    /** A plugin that fails says why as an object with {@code msg} and {@code details}. */
    private static String reason(Answer answer) {
        try {
            JsonNode error = JSON.readTree(answer.output());
            if (error.hasNonNull("msg")) {
                String details = error.path("details").asText();
                return error.path("msg").asText() + (details.isEmpty() ? "" : ": " + details);
            }
        } catch (JsonProcessingException plain) {
            // as it stands
        }
        String said = (answer.errors() + "\n" + answer.output()).strip().lines().reduce("", (before, line) -> line);
        return said.isEmpty() ? "it failed with code " + answer.code() : said;
    }
}
