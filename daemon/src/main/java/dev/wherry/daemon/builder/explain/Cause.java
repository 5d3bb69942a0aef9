package dev.wherry.daemon.builder.explain;

import dev.wherry.daemon.builder.cache.Input;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Why a step was not taken from the cache. */
public sealed interface Cause {

    /** The client asked for no step to be taken from the cache. */
    record CacheRefused() implements Cause {}

    /** Nothing is known to compare with. */
    record NoEarlierBuild() implements Cause {}

    /** No earlier build has this instruction, nor another in its place. */
    record NewInstruction() implements Cause {}

    /** The instruction stood elsewhere: after step {@code from} of then. */
    record Moved(int from) implements Cause {}

    /** Something that the instruction says, or that it sees, is another; empty where it was, or is, not there. */
    record Changed(Input.Kind kind, String name, Optional<RecordedInput> before, Optional<RecordedInput> after)
            implements Cause {}

    /** The step has the same inputs as before, but those of a kind are in another order. */
    record Reordered(Input.Kind kind) implements Cause {}

    /** The step was done before, but the record of what it depended on is gone or of an older version. */
    record InputsUnknown() implements Cause {}

    /**
     * Files that the step copies differ.
     *
     * @param changed how many
     * @param total of how many
     * @param first some of them
     */
    record FilesChanged(int changed, int total, List<FileChange> first) implements Cause {

        public FilesChanged {
            first = List.copyOf(first);
        }
    }

    /** Files that the step copies differ, but which is not known. */
    record ContentChanged() implements Cause {}

    /**
     * The step before it ran, so that all after it run.
     *
     * @param root the step that all began with
     */
    record ParentMissed(int step, int root, String rootInstruction) implements Cause {}

    /** The stage that the step copies from ran. */
    record SourceMissed(int step, int root, String rootInstruction) implements Cause {}

    /** An earlier step is another than it was, although its result was in the cache. */
    record OtherBefore(int step, String instruction, List<Cause> causes) implements Cause {

        public OtherBefore {
            causes = List.copyOf(causes);
        }
    }

    /** Nothing changed, but the result was removed from the cache. */
    record Pruned(Instant at, Instant now) implements Cause {}

    /** Nothing changed, but the result in the cache is on another run of the step before. */
    record OtherRun() implements Cause {}

    /** Nothing changed, but the last build did not finish this step. */
    record NotFinished(String error) implements Cause {}

    /**
     * A shared cache has a record of the step that is no hit.
     *
     * @param cache what messages call it
     */
    record InCache(String cache, Cause why) implements Cause {}

    /** Nothing that is known changed. */
    record Unknown() implements Cause {}
}
