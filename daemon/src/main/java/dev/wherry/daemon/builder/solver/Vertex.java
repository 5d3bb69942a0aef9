package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.cache.Inputs;
import dev.wherry.daemon.builder.explain.Place;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Fingerprint;
import dev.wherry.daemon.image.Image;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A vertex of the build graph: something that has a file system. Its parents are solved before it. The solver tells
 * vertices apart by identity, since comparing them would walk the graph below them.
 */
public sealed interface Vertex {

    Step step();

    /** Where the history finds the vertex: every vertex of a plan has an instruction. */
    default Place place() {
        return step().place().orElseThrow();
    }

    /** The vertices whose results this one needs. */
    default List<Vertex> parents() {
        return switch (this) {
            case Source _ -> List.of();
            case Derived derived ->
                Stream.concat(Stream.of(derived.parent()), derived.sources().stream())
                        .toList();
        };
    }

    /** The vertex that this one begins with, if that is a step of the build. */
    default Optional<Vertex> base() {
        return this instanceof Derived derived && !derived.parent().isExternal()
                ? Optional.of(derived.parent())
                : Optional.empty();
    }

    /** True if the vertex is no step of its own: then {@link #step} is the one that reads from it. */
    default boolean isExternal() {
        return this instanceof Source source && source.external();
    }

    /** What the vertex depends on, as far as it is known before anything is read. */
    default Inputs inputs() {
        return new Inputs(
                switch (this) {
                    case Source source ->
                        List.of(Input.of(
                                Input.Kind.BASE_IMAGE,
                                source.image()
                                        .map(image -> source.name() + "@" + image.manifest())
                                        .orElse(source.name())));
                    case Derived derived -> derived.operation().definition();
                });
    }

    /**
     * A file system that is there before the build: that of an image, or an empty one.
     *
     * @param name as the instruction gives it, with its variables replaced
     * @param image empty for the empty file system
     * @param reported true if the image had to be fetched, so that its step has been reported already
     * @param external see {@link #isExternal}
     */
    record Source(Step step, String name, Optional<Image> image, boolean reported, boolean external) implements Vertex {

        /** No file system at all, as a step of its own. */
        public static Source scratch(Step step) {
            return new Source(step, "scratch", Optional.empty(), false, false);
        }

        /** Two images of the same layers are one, wherever they came from. */
        Digest key() {
            if (image.isEmpty()) {
                return new Fingerprint("scratch").digest();
            }
            Fingerprint fingerprint = new Fingerprint("base");
            image.get().config().rootfs().diffIds().forEach(fingerprint::add);
            return fingerprint.digest();
        }
    }

    /**
     * The result of a step.
     *
     * @param parent the file system that the step begins with
     * @param sources what the step reads besides, in the order in which it names them
     */
    record Derived(Step step, Vertex parent, List<Vertex> sources, Operation operation) implements Vertex {

        public Derived {
            sources = List.copyOf(sources);
        }
    }
}
