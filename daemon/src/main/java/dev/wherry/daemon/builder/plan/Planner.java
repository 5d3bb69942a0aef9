package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.context.NamedContexts;
import dev.wherry.daemon.builder.copy.CopySpec.Origin;
import dev.wherry.daemon.builder.copy.FileCopies;
import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Suggestion;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.builder.run.RunOptions;
import dev.wherry.daemon.builder.run.RunProcesses;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Turns a Dockerfile into a plan: finds the target, and expands it and the stages it needs into vertices. A stage that
 * nothing needs is never looked at, so that its base image is not fetched either. Base images are resolved here, since
 * their config decides how the instructions after them are read.
 */
public final class Planner {

    private final Dockerfile dockerfile;
    private final StageLookup stages;
    private final PlanOptions options;
    private final OutsideFiles outside;
    private final NamedContexts contexts;
    private final BuildArguments arguments;
    private final Platform platform;
    private final PlanNumbers numbers;
    private final FileCopies copies;
    private final RunProcesses processes;
    private final Map<Integer, StageState> planned = new HashMap<>();
    private final Map<String, Vertex> mountedContexts = new HashMap<>();
    private final Map<Vertex, List<Step>> following = new IdentityHashMap<>();
    private final int[] firstStepIds;
    /** The largest number of a step; instructions are numbered in the order of the file. */
    private int last;

    private int steps;

    /** A planner whose plan is read but never performed. */
    public Planner(
            Dockerfile dockerfile,
            PlanOptions options,
            BaseImageSource baseImages,
            NamedContexts contexts,
            Platform platform) {
        this(dockerfile, options, baseImages, contexts, platform, PlanNumbers.ALONE, null, null);
    }

    /**
     * A planner.
     *
     * @param platform what the target is built for
     * @param copies perform the copies of the plan
     * @param processes perform the RUN steps of the plan
     */
    public Planner(
            Dockerfile dockerfile,
            PlanOptions options,
            BaseImageSource baseImages,
            NamedContexts contexts,
            Platform platform,
            PlanNumbers numbers,
            FileCopies copies,
            RunProcesses processes) {
        this.dockerfile = dockerfile;
        this.stages = new StageLookup(dockerfile);
        this.options = options;
        this.outside = new OutsideFiles(baseImages, copies);
        this.contexts = contexts;
        this.platform = platform;
        this.numbers = numbers;
        this.copies = copies;
        this.processes = processes;
        String target =
                options.target().or(() -> dockerfile.stages().getLast().name()).orElse("default");
        this.arguments = new BuildArguments(options.buildArgs(), Platform.host(), platform, target);
        this.firstStepIds = new int[dockerfile.stages().size()];
        int next = numbers.first();
        for (Stage stage : dockerfile.stages()) {
            firstStepIds[stage.index()] = next;
            next += 1 + stage.instructions().size();
        }
        this.last = next - 1;
    }

    /** @throws DockerfileException when an instruction makes no sense where it stands */
    public Plan plan(BuildProgress progress) {
        declareGlobals();
        Stage target = stages.target(options.target());
        StageState state = stage(target);
        state.labels.putAll(options.labels());
        for (String name : arguments.unused()) {
            String hint = Suggestion.nearest(name, arguments.declared())
                    .filter(near -> !near.equals(name))
                    .map(near -> " (did you mean " + near + "?)")
                    .orElse("");
            progress.warning(Warning.of(
                    target.from().position().file(),
                    0,
                    "the build argument " + name + " has no effect: no ARG of the stages built declares it" + hint));
        }
        return new Plan(
                state.top,
                state.config(),
                state.author,
                options.platform().isPresent() ? platform : state.platform.orElse(platform),
                state.history,
                following,
                steps,
                last,
                uncachedStages());
    }

    /**
     * Reads stages and what they need as {@link #plan} does, for the mistakes in them.
     *
     * @throws DockerfileException at the first mistake
     */
    public void read(List<Stage> wanted) {
        declareGlobals();
        wanted.forEach(this::stage);
    }

    private void declareGlobals() {
        arguments.declareGlobals(dockerfile.globalArgs());
        if (options.date().epoch().isEmpty()) {
            // A default such as "context" that gave no date.
            arguments.withdraw(SourceDate.ARGUMENT);
        }
    }

    private Set<String> uncachedStages() {
        return options.noCacheStages().stream()
                .map(name -> names(stages.required("stage to build without the cache", name), 0)
                        .stage())
                .collect(Collectors.toSet());
    }

    private StageState stage(Stage stage) {
        StageState known = planned.get(stage.index());
        if (known != null) {
            return known;
        }
        Optional<NamedContexts.Source> instead = stage.name().flatMap(contexts::find);
        if (instead.isPresent()) {
            steps++;
            StageState state = outside.base(stage.name().get(), instead.get(), platform, firstStep(stage, 0));
            planned.put(stage.index(), state);
            return state;
        }
        steps++;
        StageState state = base(stage);
        List<Instruction> triggers = state.triggers.stream()
                .map(trigger -> Dockerfile.parseTrigger(trigger, stage.from().position()))
                .toList();
        StepNames names = names(stage, triggers.size());
        if (!triggers.isEmpty()
                && state.top instanceof Vertex.Source base
                && base.place().stage().equals(names.stage())) {
            // How many steps there are is known only now.
            state.top = new Vertex.Source(
                    firstStep(stage, triggers.size()), base.name(), base.image(), base.reported(), base.external());
        }
        StageReader reader = new StageReader(this, stage, state);
        for (int i = 0; i < triggers.size(); i++) {
            steps++;
            reader.read(triggers.get(i), names.ofTrigger(++last, i, triggers.get(i)));
        }
        for (int i = 0; i < stage.instructions().size(); i++) {
            steps++;
            Instruction instruction = stage.instructions().get(i);
            reader.read(instruction, names.of(firstStepIds[stage.index()] + i + 1, i + 1, instruction));
        }
        planned.put(stage.index(), state);
        return state;
    }

    /** @param triggers how many come after it */
    private Step firstStep(Stage stage, int triggers) {
        return names(stage, triggers).of(firstStepIds[stage.index()], 0, stage.from());
    }

    private StepNames names(Stage stage, int triggers) {
        return new StepNames(dockerfile, stage, triggers, numbers.withPlatform() ? platformName(stage) : "");
    }

    /** A stage on another platform than the target's is named as BuildKit names it: {@code linux/amd64->arm64}. */
    private String platformName(Stage stage) {
        Platform own = ownPlatform(stage);
        return own.equals(platform)
                ? platform.toString()
                : own + "->" + platform.toString().substring(platform.os().length() + 1);
    }

    /** A stage that begins from an earlier one is on its platform. */
    private Platform ownPlatform(Stage stage) {
        From from = stage.from();
        Optional<Stage> earlier = stages.named(from.image().expand(arguments.globalScope()), stage.index());
        return from.platform()
                .map(this::platform)
                .or(() -> earlier.map(this::ownPlatform))
                .orElse(platform);
    }

    private StageState base(Stage stage) {
        From from = stage.from();
        Step step = firstStep(stage, 0);
        String name = from.image().expand(arguments.globalScope());
        if (name.isBlank()) {
            throw new DockerfileException(
                    from.position(), from.source(), "the base image's name is empty: give its ARG a value");
        }
        Optional<Stage> earlier = stages.named(name, stage.index())
                .filter(s -> s.name().isPresent() && s.name().get().equalsIgnoreCase(name));
        if (earlier.isPresent()) {
            StageState state = stage(earlier.get()).derive();
            follow(state.top, firstStep(stage, state.triggers.size()));
            return state;
        }
        if (name.equals(From.SCRATCH)) {
            return StageState.scratch(Vertex.Source.scratch(step));
        }
        Platform wanted = from.platform().map(this::platform).orElse(platform);
        return outside.base(name, contexts.find(name).orElse(new NamedContexts.Source.Image(name)), wanted, step);
    }

    private Platform platform(Word word) {
        String text = word.expand(arguments.globalScope());
        try {
            return Platform.parse(text);
        } catch (InvalidInputException failure) {
            String problem = text.isEmpty() ? "the platform is empty: give its variable a value" : failure.getMessage();
            throw new DockerfileException(word.position(), word.raw(), problem);
        }
    }

    /**
     * What {@code COPY --from} or a mount reads from.
     *
     * @param vertex empty for a directory
     */
    record Read(Origin origin, Optional<Vertex> vertex) {

        private static Read result(Vertex vertex) {
            return new Read(new Origin.Result(), Optional.of(vertex));
        }
    }

    /** What {@code COPY --from} reads from. */
    Read source(String from, Stage user, Step step) {
        Optional<Stage> stage = stages.named(from, user.index());
        Optional<NamedContexts.Source> context =
                stage.isPresent() ? stage.get().name().flatMap(contexts::find) : contexts.find(from);
        if (context.orElse(null) instanceof NamedContexts.Source.Directory directory) {
            return new Read(new Origin.NamedContext(directory.context()), Optional.empty());
        }
        if (stage.isPresent()) {
            return Read.result(stage(stage.get()).top);
        }
        if (context.orElse(new NamedContexts.Source.Image(from)) instanceof NamedContexts.Source.Image image
                && image.reference().equals(From.SCRATCH)) {
            return Read.result(new Vertex.Source(step, From.SCRATCH, Optional.empty(), false, true));
        }
        Optional<Stage> later = stages.named(from, dockerfile.stages().size());
        if (context.isEmpty() && (later.isPresent() || from.matches("[0-9]+"))) {
            throw step.origin()
                    .refused(
                            step.source(),
                            "cannot copy from stage \"" + from + "\": "
                                    + (later.isEmpty()
                                            ? "there is none of that number"
                                            : later.get().index() == user.index()
                                                    ? "it is the stage itself"
                                                    : "it comes later in the file"));
        }
        return Read.result(outside.read(from, context.orElse(new NamedContexts.Source.Image(from)), platform, step));
    }

    /** As {@link #source}, but always a file system that can be mounted. */
    Vertex mountable(String from, Stage user, Step step) {
        Read read = source(from, user, step);
        return switch (read.origin()) {
            case Origin.NamedContext(BuildContext context) ->
                mountedContexts.computeIfAbsent(from, name -> {
                    String title = "[internal] load build context " + name;
                    return outside.filesOf(context, step.before(++last, title));
                });
            default -> read.vertex().orElseThrow();
        };
    }

    /** The config of a base image that the plan needs, by the name that it has in the Dockerfile. */
    public Optional<ImageConfig.Execution> baseConfig(String name) {
        return outside.baseConfig(name);
    }

    FileCopies copies() {
        return copies;
    }

    RunProcesses processes() {
        return processes;
    }

    BuildArguments arguments() {
        return arguments;
    }

    RunOptions runOptions() {
        return options.run();
    }

    /** Notes a step that changes the config only, after the vertex. */
    void follow(Vertex after, Step step) {
        following.computeIfAbsent(after, _ -> new ArrayList<>()).add(step);
    }
}
