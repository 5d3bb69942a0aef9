package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.copy.CopyWork;
import dev.wherry.daemon.builder.copy.Destination;
import dev.wherry.daemon.builder.copy.Owner;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.explain.Facet;
import dev.wherry.daemon.builder.explain.FileList;
import dev.wherry.daemon.builder.run.RunWork;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.util.List;
import java.util.Optional;

/** What the steps of one build do: first enough to know their cache key, and the rest when it is not in the cache. */
public final class StepWork {

    private final Workspace workspace;
    private final RunWork runs;
    private final CopyWork copies;

    public StepWork(Workspace workspace, RunWork runs, CopyWork copies) {
        this.workspace = workspace;
        this.runs = runs;
        this.copies = copies;
    }

    /** The key of a file system that steps begin with. */
    Digest beginning(Digest key) {
        return workspace.beginning(key);
    }

    /** A step whose key is known. */
    public interface Prepared extends AutoCloseable {

        CacheKey key();

        /**
         * Whether the step needs what only this build has, such as its context, and so ends with the build. Other steps
         * go on while any build waits for them.
         */
        default boolean bound() {
            return false;
        }

        /** Identifies the step's layer where that is the same whatever is below it. */
        default Optional<CacheKey> layerKey() {
            return Optional.empty();
        }

        /** Does the step; the snapshot returned is committed. */
        SnapshotId perform(StepRun run);

        /** What the step reads besides what its instruction says, by digest. */
        default List<Facet> contents() {
            return List.of();
        }

        /** The files that a copy reads, where they can be listed. */
        default Optional<FileList.Source> files() {
            return Optional.empty();
        }

        @Override
        default void close() {}
    }

    /**
     * @param sources the results that a COPY or RUN reads from besides the build context, in the order in which it
     *     names them
     * @param teller told of what has to be fetched before the key is known
     * @throws DockerfileException when the instruction cannot be done with these files
     */
    Prepared prepare(Vertex vertex, Solved parent, List<Solved> sources, StepReporter teller) {
        return switch (vertex) {
            case Vertex.Scratch scratch -> throw new IllegalArgumentException("no step: " + scratch);
            case Vertex.Base base -> throw new IllegalArgumentException("no step: " + base);
            case Vertex.Fetched fetched -> throw new IllegalArgumentException("no step: " + fetched);
            case Vertex.Context context -> throw new IllegalArgumentException("no step: " + context);
            case Vertex.Workdir workdir -> workdir(workdir, parent);
            case Vertex.Run run -> runs.prepare(run, parent, sources);
            case Vertex.Copy copy ->
                copies.prepare(copy, parent, sources.stream().findFirst(), teller);
        };
    }

    private Prepared workdir(Vertex.Workdir workdir, Solved parent) {
        CacheKey key = StepKeys.of(workdir, parent.key());
        return new Prepared() {
            @Override
            public CacheKey key() {
                return key;
            }

            @Override
            public SnapshotId perform(StepRun run) {
                return workspace.make(
                        run.lease(),
                        parent.snapshot(),
                        rootfs -> Destination.makeDirectory(
                                rootfs, workdir.path(), Owner.ofUser(rootfs, workdir.user()), workdir.step()));
            }
        };
    }
}
