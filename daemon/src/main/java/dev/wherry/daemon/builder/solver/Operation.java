package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.explain.FileList;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.util.List;
import java.util.Optional;

/**
 * What a step does. An operation has inputs, which give the step its cache key and explain a miss, and a way to perform
 * it. The solver first {@linkplain #prepare prepares} a step, which reads enough to know all inputs, looks for the key
 * in the cache, and only on a miss {@linkplain Prepared#perform performs} it. One operation may be prepared several
 * times, by several builds at once.
 */
public interface Operation {

    /** What the operation depends on as far as it is known before anything is read. */
    List<Input> definition();

    /** Reads what is needed to know the other inputs. */
    Prepared prepare(Preparation preparation);

    /**
     * What a step is prepared with.
     *
     * @param vertex the step in the graph of the build
     * @param parent the file system that the step begins with
     * @param sources results of the other vertices that the step reads, in their order
     * @param reporter learns of what has to be fetched before the key is known
     */
    record Preparation(Vertex.Derived vertex, Solved parent, List<Solved> sources, StepReporter reporter) {

        public Step step() {
            return vertex.step();
        }
    }

    /** An operation whose inputs are known. */
    interface Prepared extends AutoCloseable {

        /** What the step reads, by digest. */
        default List<Input> contents() {
            return List.of();
        }

        /**
         * True if the step needs something that only this build has, such as its context, and so ends with the build.
         * Other steps continue while any build waits for them.
         */
        default boolean bound() {
            return false;
        }

        /** True if no other build may wait for the step, whose failure is a matter between it and its client. */
        default boolean alone() {
            return false;
        }

        /** Identifies the step's layer if the layer is the same whatever is below it. */
        default Optional<CacheKey> layerKey() {
            return Optional.empty();
        }

        /**
         * Does the step.
         *
         * @param key the cache key of the step
         * @return a committed snapshot
         */
        SnapshotId perform(CacheKey key, StepRun run);

        /** The files that a copy reads, if they can be listed. */
        default Optional<FileList.Source> files() {
            return Optional.empty();
        }

        @Override
        default void close() {}
    }
}
