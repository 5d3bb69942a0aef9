package dev.wherry.cli.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the published description of Docker's API says of answers, as {@code docker-answers.txt} has it in short: which
 * fields there are, of which type, and which must be there.
 */
final class DockerDescription {

    /** Docker's own daemon sends them although they are not described, or an earlier or a later version describes them. */
    private static final Set<String> UNDESCRIBED = Set.of(
            "EventMessage.status",
            "EventMessage.id",
            "EventMessage.from",
            "ContainerSummary.Health",
            "ContainerStatsResponse.os_type",
            "HostConfig.KernelMemory",
            "ImageConfig.Hostname",
            "get.system.df.BuilderSize");

    private record Field(String type, boolean required) {}

    private final Map<String, String> routes = new HashMap<>();
    private final Map<String, Map<String, Field>> types = new HashMap<>();

    DockerDescription() throws IOException {
        try (InputStream file = DockerDescription.class.getResourceAsStream("/docker-answers.txt")) {
            Map<String, Field> type = new LinkedHashMap<>();
            for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList()) {
                String[] words = line.strip().split(" ");
                if (line.startsWith(" ")) {
                    type.put(words[0], new Field(words[1], words.length > 2));
                } else if (words.length == 1) {
                    type = new LinkedHashMap<>();
                    types.put(words[0], type);
                } else {
                    routes.put(words[0] + " " + words[1], words[3]);
                }
            }
        }
    }

    /**
     * What is wrong with an answer.
     *
     * @param route as the description has it, such as {@code GET /containers/{id}/json}
     */
    List<String> problems(String route, JsonNode answer) {
        List<String> problems = new ArrayList<>();
        String type = routes.get(route);
        if (type == null) {
            problems.add(route + " is not described");
        } else {
            check(route, type, answer, problems);
        }
        return problems;
    }

    private void check(String place, String type, JsonNode value, List<String> problems) {
        if (type.endsWith("?")) {
            if (!value.isNull()) {
                check(place, type.substring(0, type.length() - 1), value, problems);
            }
            return;
        }
        boolean right = switch (type) {
            case "any" -> true;
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            // Docker's own daemon, which is written in Go, says null of a list or a map without anything.
            default -> value.isContainerNode() && value.isArray() == type.startsWith("[") || value.isNull();
        };
        if (!right) {
            problems.add(place + " is no " + type + ": " + value.getNodeType());
        } else if (type.startsWith("[")) {
            for (int i = 0; i < value.size(); i++) {
                check(place + "[" + i + "]", inner(type), value.get(i), problems);
            }
        } else if (type.startsWith("{")) {
            value.properties()
                    .forEach(each -> check(place + "." + each.getKey(), inner(type), each.getValue(), problems));
        } else if (types.containsKey(type) && !value.isNull()) {
            checkFields(place, type, value, problems);
        }
    }

    private static String inner(String type) {
        return type.substring(1, type.length() - 1);
    }

    private void checkFields(String place, String type, JsonNode value, List<String> problems) {
        Map<String, Field> fields = types.get(type);
        fields.forEach((name, field) -> {
            if (field.required && !value.has(name)) {
                problems.add(place + " lacks " + name);
            }
        });
        for (Map.Entry<String, JsonNode> each : value.properties()) {
            Field field = fields.get(each.getKey());
            if (field != null) {
                check(place + "." + each.getKey(), field.type, each.getValue(), problems);
            } else if (!UNDESCRIBED.contains(type + "." + each.getKey())) {
                problems.add(place + " has " + type + "." + each.getKey() + ", which is not described");
            }
        }
    }
}
