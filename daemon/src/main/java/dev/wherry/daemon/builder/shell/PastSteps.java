package dev.wherry.daemon.builder.shell;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.cache.CacheStore;
import dev.wherry.daemon.builder.cache.Input.Kind;
import dev.wherry.daemon.builder.explain.BuildEntry;
import dev.wherry.daemon.builder.explain.BuildHistory;
import dev.wherry.daemon.builder.explain.RecordedInput;
import dev.wherry.daemon.builder.explain.StepEntry;
import dev.wherry.daemon.builder.explain.StepInputs;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig.Execution;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the file systems of steps in the history of builds, as far as the cache, or the store of images, still has them.
 * A step that failed left none; there is only what it found.
 */
@Singleton
public final class PastSteps {

    private static final String SCRATCH = "scratch";

    private final BuildHistory history;
    private final CacheStore cache;
    private final ImageStore images;
    private final Snapshotter snapshotter;

    PastSteps(BuildHistory history, CacheStore cache, ImageStore images, Snapshotter snapshotter) {
        this.history = history;
        this.cache = cache;
        this.images = images;
        this.snapshotter = snapshotter;
    }

    /**
     * Finds a file system, which the lease then holds.
     *
     * @param build as {@link BuildHistory#find} takes it
     * @param number of the step; 0 for the one that failed, or else the last
     * @param before what the step found, rather than what it left
     * @throws NotFoundException when there is no such build or step, or its file system is gone
     */
    public PastStep find(Lease lease, String build, int number, boolean before) {
        BuildEntry entry = history.find(build);
        List<StepEntry> steps = history.steps(entry);
        StepEntry step = number == 0 ? usual(entry, steps) : history.step(entry, number);
        boolean failed = !step.error().isEmpty();
        List<StepEntry> chain = StepChain.to(step, steps);
        if ((before || failed) && chain.size() == 1) {
            throw new InvalidInputException(name(step) + " is the first of its stage: nothing was there before it");
        }
        Optional<SnapshotId> snapshot = before || failed
                ? found(lease, step, chain.subList(1, chain.size()), entry)
                : left(lease, chain, entry);
        String title = before || failed ? "before " + name(step) : "after " + name(step);
        return environment(failed && !before ? title + ", which failed and left nothing" : title, snapshot, chain);
    }

    private static String name(StepEntry step) {
        return "#" + step.place().step() + " " + step.name();
    }

    private static StepEntry usual(BuildEntry build, List<StepEntry> steps) {
        return steps.stream()
                .filter(step -> !step.error().isEmpty())
                .findFirst()
                .or(() -> steps.stream().filter(step -> step.key().isPresent()).reduce((first, last) -> last))
                .orElseThrow(() -> new NotFoundException(
                        "step", "", "build " + build.ref() + " has no step that made a file system"));
    }

    /** What a step found: what its layer lies on, or else what the step before it left. */
    private Optional<SnapshotId> found(Lease lease, StepEntry step, List<StepEntry> before, BuildEntry build) {
        Optional<CacheStore.Layer> layer = step.key().flatMap(key -> cache.layer(lease, key));
        return layer.isPresent() ? layer.get().parent() : left(lease, before, build);
    }

    /** What the first of these steps left that made a file system. */
    private Optional<SnapshotId> left(Lease lease, List<StepEntry> chain, BuildEntry build) {
        StepEntry made = chain.stream()
                .filter(step -> step.key().isPresent())
                .findFirst()
                .orElseThrow(() -> gone(chain.getLast(), build));
        if (!StepChain.isFrom(made)) {
            return Optional.of(cache.layer(lease, made.key().get())
                    .orElseThrow(() -> gone(made, build))
                    .snapshot());
        }
        if (baseImage(made).filter(SCRATCH::equals).isPresent()) {
            return Optional.empty();
        }
        Image image = image(made).orElseThrow(() -> gone(made, build));
        if (!image.snapshot().map(files -> snapshotter.hold(lease, files)).orElse(true)) {
            throw gone(made, build);
        }
        return image.snapshot();
    }

    private static NotFoundException gone(StepEntry step, BuildEntry build) {
        return new NotFoundException(
                "step",
                Integer.toString(step.place().step()),
                "the files of " + name(step) + " of build " + build.ref()
                        + " are not in the cache any more: build again, or name another step");
    }

    /** The base image of a FROM, as "NAME@DIGEST", or "scratch". */
    private static Optional<String> baseImage(StepEntry from) {
        return from.inputs().stream()
                .flatMap(inputs -> inputs.list().stream())
                .filter(input -> input.kind() == Kind.BASE_IMAGE)
                .map(RecordedInput::value)
                .findFirst();
    }

    private Optional<Image> image(StepEntry from) {
        return baseImage(from).flatMap(named -> {
            int at = named.lastIndexOf('@');
            return at < 0
                    ? Optional.<Image>empty()
                    : image(named.substring(0, at))
                            .filter(image -> image.manifest().toString().equals(named.substring(at + 1)))
                            .or(() -> image(named));
        });
    }

    private Optional<Image> image(String name) {
        try {
            return Optional.of(images.resolve(name));
        } catch (NotFoundException | InvalidInputException gone) {
            return Optional.empty();
        }
    }

    /** What a process gets: as the nearest RUN had it, or else as the base image says. */
    private PastStep environment(String title, Optional<SnapshotId> snapshot, List<StepEntry> chain) {
        for (StepEntry step : chain) {
            Optional<StepInputs> inputs = StepChain.isRun(step) ? inputs(step) : Optional.empty();
            if (inputs.isPresent()) {
                return asRun(title, snapshot, inputs.get());
            }
        }
        Execution config =
                image(chain.getLast()).map(image -> image.config().config()).orElse(Execution.EMPTY);
        return new PastStep(
                title,
                snapshot,
                config.env() == null ? List.of() : config.env(),
                config.workingDir() == null ? "" : config.workingDir(),
                config.user() == null ? "" : config.user(),
                config.shell() == null || config.shell().isEmpty()
                        ? StepShell.USUAL
                        : config.shell().getFirst());
    }

    private Optional<StepInputs> inputs(StepEntry step) {
        return step.inputs()
                .or(() -> step.key()
                        .flatMap(key -> cache.details(new CacheKey(key, key)))
                        .flatMap(details -> StepInputs.parse(details.inputs())));
    }

    private static PastStep asRun(String title, Optional<SnapshotId> snapshot, StepInputs inputs) {
        List<String> env = new ArrayList<>();
        String workingDir = "";
        String user = "";
        String shell = StepShell.USUAL;
        for (RecordedInput input : inputs.list()) {
            switch (input.kind()) {
                // What is not shown whole is not the value.
                case ENV, BUILD_ARG -> {
                    if (input.mark().isEmpty()) {
                        env.add(input.name() + "=" + input.value());
                    }
                }
                case WORKDIR -> workingDir = input.value();
                case USER -> user = input.value().equals("root") ? "" : input.value();
                case COMMAND -> {
                    String program = input.value().split("\\s", 2)[0];
                    shell = program.matches("/\\S*sh") ? program : StepShell.USUAL;
                }
                default -> {}
            }
        }
        return new PastStep(title, snapshot, env, workingDir, user, shell);
    }
}
