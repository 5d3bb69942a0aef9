package dev.wherry.daemon.builder.attest;

import dev.wherry.daemon.builder.attest.AttestationOptions.ProvenanceOptions;
import dev.wherry.daemon.builder.copy.CopyOperation;
import dev.wherry.daemon.builder.copy.CopySpec;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.plan.Plan;
import dev.wherry.daemon.builder.run.RunNetwork;
import dev.wherry.daemon.builder.run.RunOperation;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.AttestationDraft;
import dev.wherry.daemon.image.AttestationDraft.Predicate;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The provenance of one image (slsa.dev, "Provenance v1"), with the extensions that BuildKit defines. */
public final class Provenance {

    private static final String TYPE = "https://slsa.dev/provenance/v1";

    /** The fields below mean what this page says. */
    private static final String BUILD_TYPE =
            "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md";

    private final ProvenanceOptions options;
    private final BuildFacts facts;
    private final BuildSteps steps;

    public Provenance(ProvenanceOptions options, BuildFacts facts, Plan plan) {
        this.options = options;
        this.facts = facts;
        this.steps = new BuildSteps(plan.top());
    }

    public Predicate predicate() {
        return new Predicate(TYPE, Map.of("buildDefinition", definition(), "runDetails", details()));
    }

    private Map<String, Object> definition() {
        Map<String, Object> source = new LinkedHashMap<>();
        facts.source().ifPresent(address -> source.put("uri", address));
        source.put("path", facts.dockerfile());
        Map<String, Object> internal = new LinkedHashMap<>();
        internal.put("builderPlatform", Platform.host().toString());
        if (options.max()) {
            internal.put("buildConfig", Map.of("llbDefinition", steps.definition()));
        }
        Map<String, Object> definition = new LinkedHashMap<>();
        definition.put("buildType", BUILD_TYPE);
        definition.put("externalParameters", Map.of("configSource", source, "request", request()));
        definition.put("internalParameters", internal);
        definition.put("resolvedDependencies", dependencies());
        return definition;
    }

    private Map<String, Object> request() {
        Map<String, String> arguments = new LinkedHashMap<>(facts.arguments());
        if (!options.max()) {
            arguments.keySet().removeIf(key -> key.startsWith("build-arg:") || key.startsWith("label:"));
        }
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("frontend", "dockerfile.v0");
        request.put("args", arguments);
        if (options.max()) {
            request.put(
                    "secrets",
                    named(mount -> mount instanceof RunMount.Secret secret
                            ? Stream.of(named(secret.id(), !secret.required()))
                            : Stream.empty()));
            request.put(
                    "ssh",
                    named(mount -> mount instanceof RunMount.Ssh ssh
                            ? Stream.of(named(ssh.id(), !ssh.required()))
                            : Stream.empty()));
        }
        request.put(
                "locals",
                facts.locals().stream().map(name -> Map.of("name", name)).toList());
        return request;
    }

    private interface Chooser {
        Stream<Map<String, Object>> of(RunMount mount);
    }

    private List<Map<String, Object>> named(Chooser chooser) {
        return runs().flatMap(run -> run.spec().mounts().stream())
                .flatMap(mount -> chooser.of(mount.mount()))
                .distinct()
                .toList();
    }

    private static Map<String, Object> named(String id, boolean optional) {
        return optional ? Map.of("id", id, "optional", true) : Map.of("id", id);
    }

    /** Images, and what was fetched for ADD; each once. */
    private List<Map<String, Object>> dependencies() {
        List<Map<String, Object>> all = new ArrayList<>();
        facts.source().ifPresent(address -> all.add(Map.of("uri", address)));
        for (Vertex vertex : steps.vertices()) {
            switch (vertex) {
                case Vertex.Source source ->
                    source.image().ifPresent(image -> all.add(dependency(source.name(), image)));
                case Vertex.Derived derived -> {
                    if (derived.operation() instanceof CopyOperation copy
                            && copy.spec().origin() instanceof CopySpec.Origin.Remote) {
                        copy.spec().sources().stream()
                                .filter(address -> address.contains("://"))
                                .forEach(address -> all.add(Map.of("uri", address)));
                    }
                }
            }
        }
        return all.stream().distinct().toList();
    }

    private static Map<String, Object> dependency(String name, Image image) {
        Digest digest = image.manifest();
        return Map.of("uri", packageUrl(name, image), "digest", Map.of(digest.algorithm(), digest.hex()));
    }

    private static String packageUrl(String name, Image image) {
        try {
            return AttestationDraft.packageUrl(Reference.parse(name), image.platform());
        } catch (InvalidInputException namedContext) {
            return "pkg:docker/" + name;
        }
    }

    private Map<String, Object> details() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        if (!facts.invocation().isEmpty()) {
            metadata.put("invocationID", facts.invocation());
        }
        metadata.put("startedOn", facts.started().toString());
        metadata.put("finishedOn", facts.finished().toString());
        if (options.max()) {
            metadata.put("buildkit_metadata", Map.of("source", steps.sources(facts.dockerfile(), facts.text())));
        }
        metadata.put(
                "buildkit_hermetic",
                runs().allMatch(run -> run.spec().sandbox().network().equals(RunNetwork.NONE)));
        metadata.put(
                "buildkit_completeness",
                Map.of(
                        "request",
                        options.max(),
                        "resolvedDependencies",
                        facts.locals().isEmpty()
                                && dependencies().stream().allMatch(one -> one.containsKey("digest"))));
        metadata.put("buildkit_reproducible", options.reproducible());
        return Map.of("builder", Map.of("id", options.builderId()), "metadata", metadata);
    }

    private Stream<RunOperation> runs() {
        return steps.vertices().stream()
                .flatMap(vertex ->
                        vertex instanceof Vertex.Derived derived && derived.operation() instanceof RunOperation run
                                ? Stream.of(run)
                                : Stream.empty());
    }
}
