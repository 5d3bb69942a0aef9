package dev.wherry.daemon.builder.progress;

import dev.wherry.daemon.builder.explain.Explanation;
import java.time.Duration;
import java.util.Optional;

/**
 * The progress of a build as its client and the history see it: each step under a number that is unique within the
 * build. Called from several threads at once; may block while the client is slow.
 */
public interface ProgressReport {

    /** The target needs so many steps. */
    void planned(int steps);

    /** A step begins, or was found in the cache. */
    void started(int step, String name, boolean cached);

    /** Another build began a step so long ago, and this build now waits for it too. */
    void joined(int step, String name, Duration running);

    /** A RUN wrote something; the array belongs to the receiver. */
    void output(int step, BuildProgress.Stream stream, byte[] data);

    /** Bytes moved by a step that transfers; the total is 0 when unknown. */
    void transferred(int step, String item, long current, long total);

    /** A step failed, and waits for a shell to be opened in its state; see {@link StepOutput#offered}. */
    void offered(int step, String shell, String problem);

    /** A step ended, with the error given if it failed. */
    void ended(int step, Duration duration, Optional<String> error);

    /** Why a step that has started was not taken from the cache. */
    void explained(Explanation explanation);

    /** The Dockerfile that is built or asked about, as errors and warnings name it; comes before these. */
    default void source(String file, byte[] text) {}

    /** Something is odd but does no harm. */
    void warning(Warning warning);
}
