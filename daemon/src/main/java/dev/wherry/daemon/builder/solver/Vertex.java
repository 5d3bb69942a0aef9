package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.copy.CopyRules;
import dev.wherry.daemon.builder.copy.FetchRules;
import dev.wherry.daemon.builder.copy.InlineFile;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.dockerfile.word.HereDocument;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.run.Sandbox;
import dev.wherry.daemon.image.Image;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A vertex of the build graph: an instruction that gives a file system. Its parents are solved before it. The solver
 * tells vertices apart by identity: to compare them would be to walk the graph below them.
 */
public sealed interface Vertex {

    Step step();

    /** Whether it only has files for others to copy: then it names the step of the one that copies. */
    default boolean isSource() {
        return false;
    }

    /** Whether its files come from where their times mean nothing. */
    default boolean isInput() {
        return this instanceof Context || this instanceof Fetched;
    }

    /** The vertices whose results it needs. */
    default List<Vertex> parents() {
        return switch (this) {
            case Scratch _, Base _, Fetched _, Context _ -> List.of();
            case Workdir workdir -> List.of(workdir.parent());
            case Run run ->
                Stream.concat(Stream.of(run.parent()), run.sources().stream()).toList();
            case Copy copy ->
                Stream.concat(Stream.of(copy.parent()), copy.from().stream()).toList();
        };
    }

    /** {@code FROM scratch}: no file system at all. */
    record Scratch(Step step) implements Vertex {}

    /**
     * {@code FROM image}, or an image named by {@code COPY --from}.
     *
     * @param name as the instruction gives it, with its variables replaced
     * @param pulled whether it had to be fetched, and its step has been told of
     * @param source whether it is only copied from: it has no step of its own, and names the one that copies
     */
    record Base(Step step, String name, Image image, boolean pulled, boolean source) implements Vertex {

        @Override
        public boolean isSource() {
            return source;
        }
    }

    /** What ADD fetches: those of its sources that are no files of the build context. */
    record Fetched(Step step, FetchRules rules) implements Vertex {

        @Override
        public boolean isSource() {
            return true;
        }
    }

    /** A directory that the build was given by name. */
    record Context(Step step, String name, BuildContext context) implements Vertex {

        @Override
        public boolean isSource() {
            return true;
        }
    }

    /**
     * {@code WORKDIR}: makes sure that a directory is there.
     *
     * @param user whom it belongs to when it is made; empty for root
     */
    record Workdir(Step step, Vertex parent, String path, String user) implements Vertex {}

    /**
     * {@code RUN}.
     *
     * @param env all the process sees, build arguments included
     * @param buildArgs names of those in {@code env} that come from ARG
     * @param hiddenEnv seen by the process but no part of what identifies the step: proxies
     * @param mounts in the order of the instruction
     * @param sandbox what the process is kept from
     */
    record Run(
            Step step,
            Vertex parent,
            List<String> args,
            Map<String, String> env,
            Set<String> buildArgs,
            Map<String, String> hiddenEnv,
            String workingDir,
            String user,
            Optional<HereDocument> script,
            List<Mount> mounts,
            Sandbox sandbox)
            implements Vertex {

        /** The vertices whose files are mounted, in the order of the mounts. */
        public List<Vertex> sources() {
            return mounts.stream().flatMap(mount -> mount.from().stream()).toList();
        }

        /** @param from the vertex that it mounts files of; empty for the build context, or where it needs none */
        public record Mount(RunMount mount, Optional<Vertex> from) {}
    }

    /**
     * {@code COPY} and {@code ADD}.
     *
     * @param from the vertex whose file system holds the sources; empty for the build context
     * @param documents files that come after the sources
     * @param destination absolute, with a trailing slash where it must be a directory
     * @param add whether it is an ADD
     */
    record Copy(
            Step step,
            Vertex parent,
            Optional<Vertex> from,
            List<String> sources,
            List<InlineFile> documents,
            String destination,
            CopyRules rules,
            boolean add)
            implements Vertex {

        /** The same files, chosen and placed by other rules. */
        public Copy with(CopyRules other) {
            return new Copy(step, parent, from, sources, documents, destination, other, add);
        }
    }
}
