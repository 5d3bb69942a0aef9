package dev.wherry.daemon.builder.report;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.check.Finding;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.plan.PlanOptions;
import dev.wherry.daemon.builder.plan.Planner;
import dev.wherry.daemon.builder.plan.StageLookup;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What can be told of a Dockerfile without building it: what its checks find, what it takes and what it can build. */
public final class DockerfileReport {

    private final Dockerfile dockerfile;
    private final byte[] text;
    private final Supplier<Planner> planner;
    private final PlanOptions options;
    private final Supplier<IgnorePatterns> ignored;
    private final Function<String, Optional<ImageConfig.Execution>> bases;
    private final BuildChecks checks;
    private final StageLookup stages;

    /**
     * @param bases the configs of base images by name, as far as they are known
     * @param planner reads stages as a build does, without fetching anything
     */
    public DockerfileReport(
            Dockerfile dockerfile,
            byte[] text,
            PlanOptions options,
            Supplier<IgnorePatterns> ignored,
            Function<String, Optional<ImageConfig.Execution>> bases,
            Supplier<Planner> planner) {
        this.dockerfile = dockerfile;
        this.text = text;
        this.planner = planner;
        this.options = options;
        this.ignored = ignored;
        this.bases = bases;
        Platform platform = options.platform().map(Platform::parse).orElseGet(Platform::host);
        this.checks = new BuildChecks(dockerfile, text, options.buildArgs(), platform);
        this.stages = new StageLookup(dockerfile);
    }

    /** Warns of what the checks find in a file that cannot be parsed. */
    public static void warnOfUnreadable(
            String file, byte[] text, Map<String, String> buildArgs, BuildProgress progress) {
        BuildChecks.ofUnreadable(file, text, buildArgs, progress);
    }

    /**
     * Warns of what the checks find in the target and what it needs, or in all stages when no target is named.
     *
     * @throws InvalidInputException when a build would refuse an instruction, the ignore file, the target or the options
     *     of the checks
     */
    public void check(BuildProgress progress) {
        List<Stage> checked = options.target().isPresent() ? needed() : dockerfile.stages();
        warn(checked, progress);
        validate(checked);
    }

    /** Warns of what the checks find in what a build does that fails before its first step. */
    public void warn(BuildProgress progress) {
        warn(needed(), progress);
    }

    private List<Finding> warn(List<Stage> checked, BuildProgress progress) {
        return checks.run(checked, bases, () -> readable(ignored), progress);
    }

    /** What is wrong with the ignore file is said where all mistakes are. */
    private static IgnorePatterns readable(Supplier<IgnorePatterns> ignored) {
        try {
            return ignored.get();
        } catch (DockerfileException malformed) {
            return IgnorePatterns.none();
        }
    }

    private void validate(List<Stage> stages) {
        try {
            ignored.get();
            planner.get().read(stages);
        } catch (DockerfileException mistake) {
            String file = dockerfile.stages().getFirst().from().position().file();
            throw new InvalidInputException(mistake.getMessage(), mistake.showing(file, text));
        }
    }

    /**
     * Warns of what the checks find in what a build does.
     *
     * @throws InvalidInputException when that is an error to this Dockerfile or its client
     */
    public void checkBuild(BuildProgress progress) {
        List<Finding> findings = warn(needed(), progress);
        checks.failOn(findings);
    }

    /** What the target takes. */
    public Outline outline() {
        validate(needed());
        return new OutlineReader(dockerfile, options.buildArgs(), checks.globals())
                .read(stages.target(options.target()), needed());
    }

    /** The stages that can be built, in the order of the file. */
    public List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (Stage stage : dockerfile.stages()) {
            String name = stage.name().orElse("");
            targets.add(new Target(
                    name,
                    OutlineReader.description(written(stage), name),
                    stage == dockerfile.stages().getLast(),
                    stage.from().image().raw(),
                    stage.from().platform().map(word -> word.raw()).orElse(""),
                    stage.from().position().line()));
        }
        return targets;
    }

    private SourceInstruction written(Stage stage) {
        return dockerfile.written().stream()
                .filter(written -> written.instruction() == stage.from())
                .findFirst()
                .orElseThrow();
    }

    private List<Stage> needed() {
        return NeededStages.of(dockerfile, stages.target(options.target()), checks.globals());
    }
}
