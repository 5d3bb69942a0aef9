package dev.wherry.daemon.builder.report;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.check.CheckContext;
import dev.wherry.daemon.builder.dockerfile.check.CheckOptions;
import dev.wherry.daemon.builder.dockerfile.check.Checks;
import dev.wherry.daemon.builder.dockerfile.check.Finding;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.plan.BuildArguments;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The build checks as one build runs them: with its arguments, and the base images that it knows. */
final class BuildChecks {

    /** A build argument that configures checks, and goes before the directive. */
    static final String ARGUMENT = "BUILDKIT_DOCKERFILE_CHECK";

    private final Dockerfile dockerfile;
    private final byte[] text;
    private final Map<String, String> buildArgs;
    private final Scope globals;
    private final Scope defaults;

    BuildChecks(Dockerfile dockerfile, byte[] text, Map<String, String> buildArgs, Platform platform) {
        this.dockerfile = dockerfile;
        this.text = text;
        this.buildArgs = buildArgs;
        this.globals = scope(buildArgs, platform);
        this.defaults = buildArgs.isEmpty() ? globals : scope(Map.of(), platform);
    }

    private Scope scope(Map<String, String> given, Platform platform) {
        BuildArguments arguments = new BuildArguments(given, Platform.host(), platform, "default");
        try {
            arguments.declareGlobals(dockerfile.globalArgs());
        } catch (DockerfileException required) {
            // The build says so; the checks look at what is there without it.
            return arguments.globalScope();
        }
        return arguments.globalScope();
    }

    /** What a FROM line sees. */
    Scope globals() {
        return globals;
    }

    /**
     * Warns of what is found.
     *
     * @param stages those that are checked
     * @param bases the configs of base images by name, as far as they are known
     * @throws InvalidInputException when the options of the checks are wrong
     */
    List<Finding> run(
            List<Stage> stages,
            Function<String, Optional<ImageConfig.Execution>> bases,
            Supplier<IgnorePatterns> ignored,
            BuildProgress progress) {
        Set<Integer> indices = stages.stream().map(Stage::index).collect(Collectors.toSet());
        CheckContext surroundings = new CheckContext(
                stage -> indices.contains(stage.index()),
                buildArgs,
                globals,
                defaults,
                name -> bases.apply(name).map(BuildChecks::base),
                BuildChecks::isImageName,
                ignored);
        List<Finding> findings = Checks.of(dockerfile, options(), surroundings);
        warn(findings, text, progress);
        return findings;
    }

    private static void warn(List<Finding> findings, byte[] text, BuildProgress progress) {
        if (!findings.isEmpty()) {
            List<String> lines =
                    new String(text, StandardCharsets.UTF_8).lines().toList();
            findings.forEach(finding -> progress.warning(Warning.of(finding, lines)));
        }
    }

    /** Warns of what the checks find in a file that cannot be parsed. */
    static void ofUnreadable(String name, byte[] text, Map<String, String> buildArgs, BuildProgress progress) {
        Dockerfile.Beginning beginning = Dockerfile.Beginning.of(name, text);
        Optional<String> options = Optional.ofNullable(buildArgs.get(ARGUMENT)).or(beginning.directives()::check);
        try {
            CheckOptions parsed = options.map(CheckOptions::parse).orElse(CheckOptions.DEFAULT);
            warn(Checks.of(beginning, parsed), text, progress);
        } catch (IllegalArgumentException malformed) {
            // The mistake in the file itself is what the user has to know.
        }
    }

    /** @throws InvalidInputException when something was found and the Dockerfile or the client makes that an error */
    void failOn(List<Finding> findings) {
        if (!findings.isEmpty() && options().error()) {
            throw new InvalidInputException("the build checks failed, and error=true makes that an error: "
                    + findings.stream()
                            .map(finding -> finding.rule().title())
                            .distinct()
                            .collect(Collectors.joining(", ")));
        }
    }

    private CheckOptions options() {
        Optional<String> given = Optional.ofNullable(buildArgs.get(ARGUMENT));
        Optional<String> written = dockerfile.directives().check();
        try {
            return given.or(() -> written).map(CheckOptions::parse).orElse(CheckOptions.DEFAULT);
        } catch (IllegalArgumentException wrong) {
            String where = given.isPresent()
                    ? ARGUMENT
                    : dockerfile.stages().getFirst().from().position().file() + ": # check";
            throw new InvalidInputException(where + ": " + wrong.getMessage(), wrong);
        }
    }

    private static boolean isImageName(String name) {
        try {
            Reference.parse(name);
            return true;
        } catch (InvalidInputException none) {
            return false;
        }
    }

    private static CheckContext.Base base(ImageConfig.Execution config) {
        Map<String, String> env = new HashMap<>();
        for (String entry : config.env() == null ? List.<String>of() : config.env()) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                env.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return new CheckContext.Base(
                env, config.shell() != null && !config.shell().isEmpty());
    }
}
