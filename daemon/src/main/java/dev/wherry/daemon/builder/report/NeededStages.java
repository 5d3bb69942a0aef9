package dev.wherry.daemon.builder.report;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.instruction.Copy;
import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Run;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.plan.StageLookup;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The stages that a target needs, as far as the Dockerfile itself says. */
final class NeededStages {

    private final StageLookup stages;
    private final Scope globals;
    private final TreeMap<Integer, Stage> needed = new TreeMap<>();

    private NeededStages(Dockerfile dockerfile, Scope globals) {
        this.stages = new StageLookup(dockerfile);
        this.globals = globals;
    }

    /** The target and all that it is based on, copies from or mounts, in the order of the file. */
    static List<Stage> of(Dockerfile dockerfile, Stage target, Scope globals) {
        NeededStages found = new NeededStages(dockerfile, globals);
        found.need(target);
        return List.copyOf(found.needed.values());
    }

    private void need(Stage stage) {
        if (needed.put(stage.index(), stage) != null) {
            return;
        }
        base(stage)
                .flatMap(name -> stages.named(name, stage.index()).filter(found -> isCalled(found, name)))
                .ifPresent(this::need);
        for (Instruction instruction : stage.instructions()) {
            sources(instruction)
                    .forEach(name -> stages.named(name, stage.index()).ifPresent(this::need));
        }
    }

    private static List<String> sources(Instruction instruction) {
        return switch (instruction) {
            case Copy copy -> copy.from().stream().toList();
            case Run run ->
                OutlineReader.mounts(run, Scope.of(Map.of())).stream()
                        .flatMap(mount -> source(mount).stream())
                        .toList();
            default -> List.of();
        };
    }

    private static Optional<String> source(RunMount mount) {
        return switch (mount) {
            case RunMount.Bind bind -> bind.from();
            case RunMount.Cache cache -> cache.from();
            case RunMount.Tmpfs tmpfs -> Optional.empty();
            case RunMount.Secret secret -> Optional.empty();
            case RunMount.Ssh ssh -> Optional.empty();
        };
    }

    private Optional<String> base(Stage stage) {
        try {
            return Optional.of(stage.from().image().expand(globals));
        } catch (DockerfileException valueMissing) {
            return Optional.empty();
        }
    }

    /** A number is no name of a base. */
    private static boolean isCalled(Stage stage, String name) {
        return stage.name().isPresent() && stage.name().get().equalsIgnoreCase(name);
    }
}
