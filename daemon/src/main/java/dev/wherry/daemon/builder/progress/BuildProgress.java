package dev.wherry.daemon.builder.progress;

import dev.wherry.daemon.builder.explain.Explanation;
import java.time.Duration;
import java.util.Optional;

/** Where a build tells what it does. Called from several threads at once; may block while its reader is slow. */
public interface BuildProgress {

    /** Which of its streams a RUN wrote to. */
    enum Stream {
        STDOUT,
        STDERR
    }

    /** The target needs so many steps. */
    default void planned(int steps) {}

    /** A step begins, or was found in the cache. */
    void started(Step step, boolean cached);

    /** A step that another build began is waited for by this one too; it has been running for so long. */
    default void joined(Step step, Duration running) {
        started(step, false);
    }

    /** A RUN wrote something; the array belongs to the receiver. */
    void output(Step step, Stream stream, byte[] data);

    /** Bytes moved by a step that transfers; the total is 0 when unknown. */
    void transferred(Step step, String item, long current, long total);

    /** A step ended, well or with the error given. */
    void done(Step step, Duration duration, Optional<String> error);

    /**
     * Why a step that has started was not taken from the cache.
     *
     * @param first whether no other step missed before it
     */
    default void explained(Explanation explanation, boolean first) {}

    /** Something is odd but does no harm. */
    void warning(Warning warning);
}
