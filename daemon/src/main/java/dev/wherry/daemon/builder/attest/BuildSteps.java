package dev.wherry.daemon.builder.attest;

import dev.wherry.daemon.builder.copy.CopyOperation;
import dev.wherry.daemon.builder.copy.CopySpec;
import dev.wherry.daemon.builder.run.RunOperation;
import dev.wherry.daemon.builder.run.RunSpec;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.image.Image;
import java.util.ArrayList;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The steps of a build in the words of BuildKit's LLB: an operation each, and the steps that it reads from. */
final class BuildSteps {

    private final List<Vertex> vertices = new ArrayList<>();
    private final Map<Vertex, Integer> numbers = new IdentityHashMap<>();

    BuildSteps(Vertex top) {
        add(top);
    }

    private void add(Vertex vertex) {
        if (numbers.containsKey(vertex)) {
            return;
        }
        // Marks the vertex as seen; a graph has no cycles, so that its number is known when it is needed.
        numbers.put(vertex, -1);
        vertex.parents().forEach(this::add);
        numbers.put(vertex, vertices.size());
        vertices.add(vertex);
    }

    /** All vertices, each after those it needs. */
    List<Vertex> vertices() {
        return vertices;
    }

    private String id(Vertex vertex) {
        return "step" + numbers.get(vertex);
    }

    List<Map<String, Object>> definition() {
        return vertices.stream().map(this::step).toList();
    }

    private Map<String, Object> step(Vertex vertex) {
        Map<String, Object> step = new LinkedHashMap<>();
        step.put("id", id(vertex));
        step.put(
                "op",
                switch (vertex) {
                    case Vertex.Source source -> source(source);
                    case Vertex.Derived derived -> Map.of("Op", operation(derived));
                });
        List<String> inputs =
                vertex.parents().stream().map(parent -> id(parent) + ":0").toList();
        if (!inputs.isEmpty()) {
            step.put("inputs", inputs);
        }
        return step;
    }

    private static Map<String, Object> source(Vertex.Source source) {
        Map<String, Object> op = new LinkedHashMap<>();
        String identifier = source.image().isPresent() ? "docker-image://" + source.name() : source.name();
        op.put("Op", Map.of("source", Map.of("identifier", identifier)));
        source.image().map(Image::platform).ifPresent(platform -> op.put("platform", platform));
        return op;
    }

    private static Map<String, Object> operation(Vertex.Derived vertex) {
        return switch (vertex.operation()) {
            case RunOperation run -> Map.of("exec", Map.of("meta", meta(run.spec())));
            case CopyOperation copy -> Map.of("file", Map.of("actions", copies(copy.spec())));
            default -> Map.of("file", Map.of("actions", List.of(Map.of("Action", Map.of("mkdir", Map.of())))));
        };
    }

    private static Map<String, Object> meta(RunSpec run) {
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("args", run.args());
        meta.put(
                "env",
                new TreeMap<>(run.env())
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .toList());
        meta.put("cwd", run.workingDir());
        if (!run.user().isEmpty()) {
            meta.put("user", run.user());
        }
        return meta;
    }

    private static List<Map<String, Object>> copies(CopySpec copy) {
        return copy.sources().stream()
                .map(source -> Map.<String, Object>of(
                        "Action", Map.of("copy", Map.of("src", source, "dest", copy.destination()))))
                .toList();
    }

    /** Where in the Dockerfile each step stands, and the Dockerfile. */
    Map<String, Object> sources(String dockerfile, byte[] text) {
        Map<String, Object> locations = new LinkedHashMap<>();
        for (Vertex vertex : vertices) {
            int line = vertex.step().line();
            if (line > 0) {
                Map<String, Object> at = Map.of("line", line);
                locations.put(
                        id(vertex),
                        Map.of("locations", List.of(Map.of("ranges", List.of(Map.of("start", at, "end", at))))));
            }
        }
        Map<String, Object> info = Map.of(
                "filename",
                dockerfile,
                "language",
                "Dockerfile",
                "data",
                Base64.getEncoder().encodeToString(text));
        return Map.of("locations", locations, "infos", List.of(info));
    }
}
