package dev.wherry.daemon.api.docker.image;

import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageConfig.Execution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The body of a commit: what a client wants to be different in the image's config. As docker has it, single values and
 * commands replace those of the container, while variables, labels, ports and volumes are added to them.
 */
final class CommitBody {

    private CommitBody() {}

    static UnaryOperator<ImageConfig> changes(JsonBody body) {
        // Read at once, so that a malformed body changes nothing.
        Execution asked = execution(body);
        return config -> config.withExecution(merged(config.config(), asked));
    }

    private static Execution execution(JsonBody body) {
        return new Execution(
                null,
                text(body, "User"),
                body.mapOf("ExposedPorts", _ -> Map.of()),
                body.texts("Env"),
                list(body, "Entrypoint"),
                list(body, "Cmd"),
                null,
                body.mapOf("Volumes", _ -> Map.of()),
                text(body, "WorkingDir"),
                body.map("Labels"),
                text(body, "StopSignal"),
                null,
                null,
                null);
    }

    private static String text(JsonBody body, String name) {
        return body.text(name).isEmpty() ? null : body.text(name);
    }

    private static List<String> list(JsonBody body, String name) {
        return body.texts(name).isEmpty() ? null : body.texts(name);
    }

    private static Execution merged(Execution container, Execution asked) {
        return new Execution(
                container.hostname(),
                asked.user() == null ? container.user() : asked.user(),
                union(container.exposedPorts(), asked.exposedPorts()),
                environment(container.env(), asked.env()),
                asked.entrypoint() == null ? container.entrypoint() : asked.entrypoint(),
                asked.cmd() == null ? container.cmd() : asked.cmd(),
                container.argsEscaped(),
                union(container.volumes(), asked.volumes()),
                asked.workingDir() == null ? container.workingDir() : asked.workingDir(),
                union(container.labels(), asked.labels()),
                asked.stopSignal() == null ? container.stopSignal() : asked.stopSignal(),
                container.shell(),
                container.healthcheck(),
                container.onBuild());
    }

    private static <T> Map<String, T> union(Map<String, T> container, Map<String, T> asked) {
        if (asked.isEmpty()) {
            return container;
        }
        Map<String, T> union = new TreeMap<>(container == null ? Map.of() : container);
        union.putAll(asked);
        return union;
    }

    private static List<String> environment(List<String> container, List<String> asked) {
        if (asked.isEmpty()) {
            return container;
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (List<String> entries : List.of(container == null ? List.<String>of() : container, asked)) {
            entries.forEach(entry -> variables.put(entry.split("=", 2)[0], entry));
        }
        return new ArrayList<>(variables.values());
    }
}
