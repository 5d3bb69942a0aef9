package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.context.NamedContexts;
import dev.wherry.daemon.builder.copy.CopyOperation;
import dev.wherry.daemon.builder.copy.CopyRules;
import dev.wherry.daemon.builder.copy.CopySpec;
import dev.wherry.daemon.builder.copy.CopySpec.Origin;
import dev.wherry.daemon.builder.copy.FileCopies;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.Platform;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The file systems that a plan takes from outside the Dockerfile: images, and contexts as a whole. */
final class OutsideFiles {

    private final BaseImageSource images;
    private final FileCopies copies;
    private final Map<String, ImageConfig.Execution> configs = new HashMap<>();
    private final Map<String, Vertex> read = new HashMap<>();

    /** @param copies copy the files of a context into a file system of their own */
    OutsideFiles(BaseImageSource images, FileCopies copies) {
        this.images = images;
        this.copies = copies;
    }

    /** The state of a stage that begins from an image or a context. */
    StageState base(String name, NamedContexts.Source source, Platform wanted, Step step) {
        return switch (source) {
            case NamedContexts.Source.Image image ->
                image.reference().equals(From.SCRATCH)
                        ? StageState.scratch(Vertex.Source.scratch(step))
                        : base(name, base(image.reference(), wanted, step), step);
            case NamedContexts.Source.Layout layout -> base(name, base(layout, wanted, step), step);
            case NamedContexts.Source.Directory directory -> StageState.scratch(filesOf(directory.context(), step));
        };
    }

    private static StageState base(String name, BaseImageSource.Resolved resolved, Step step) {
        StageState state = StageState.of(
                new Vertex.Source(step, name, Optional.of(resolved.image()), resolved.pulled(), false),
                resolved.image().config());
        state.env.putIfAbsent("PATH", StageState.DEFAULT_PATH);
        state.known = resolved.known();
        return state;
    }

    private BaseImageSource.Resolved base(NamedContexts.Source.Layout layout, Platform wanted, Step step) {
        try {
            return images.layout(layout.directory().root(), layout.selector(), wanted);
        } catch (NotFoundException | InvalidInputException failure) {
            throw step.origin().refused(step.source(), failure.getMessage());
        }
    }

    /** All files of a directory as a file system of their own. */
    Vertex filesOf(BuildContext context, Step step) {
        CopySpec all =
                new CopySpec(new Origin.NamedContext(context), List.of("/"), List.of(), "/", CopyRules.DEFAULT, false);
        Vertex empty = new Vertex.Source(step, From.SCRATCH, Optional.empty(), false, true);
        return new Vertex.Derived(step, empty, List.of(), new CopyOperation(copies, all));
    }

    private BaseImageSource.Resolved base(String name, Platform wanted, Step step) {
        try {
            BaseImageSource.Resolved resolved = images.resolve(name, wanted, step);
            configs.put(name, resolved.image().config().config());
            return resolved;
        } catch (NotFoundException | InvalidInputException failure) {
            throw step.origin().refused(step.source(), failure.getMessage());
        }
    }

    /**
     * The vertex of an image that files are copied or mounted from.
     *
     * @param name as the instruction gives it
     * @param step the one that reads from it first
     */
    Vertex read(String name, NamedContexts.Source source, Platform platform, Step step) {
        return read.computeIfAbsent(name, _ -> {
            BaseImageSource.Resolved resolved = switch (source) {
                case NamedContexts.Source.Layout layout -> base(layout, platform, step);
                case NamedContexts.Source.Image image -> base(image.reference(), platform, step);
                case NamedContexts.Source.Directory _ -> throw new IllegalStateException("has no image");
            };
            return new Vertex.Source(step, name, Optional.of(resolved.image()), resolved.pulled(), true);
        });
    }

    /** The config of a base image that the plan needs, by the name that it has in the Dockerfile. */
    Optional<ImageConfig.Execution> baseConfig(String name) {
        return Optional.ofNullable(configs.get(name));
    }
}
