package dev.wherry.daemon.builder.progress;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** The handle under which one step reports its progress. Several threads may call it; a call may block. */
public interface StepProgress {

    /** The step begins. */
    void started();

    /** The result of the step was in the cache. */
    void cached();

    /**
     * Another build began the step, and this build now waits for it too.
     *
     * @param running how long ago the step began
     */
    void joined(Duration running);

    /** A RUN wrote something; the array belongs to the receiver. */
    void output(BuildProgress.Stream stream, byte[] data);

    /** Bytes moved by a step that transfers; the total is 0 when unknown. */
    void transferred(String item, long current, long total);

    /** The step failed, and waits for a shell to be opened in its state; see {@link StepOutput#offered}. */
    void offered(String shell, String problem);

    /** The step ended, with the error given if it failed. */
    void ended(Duration duration, Optional<String> error);

    /** As {@link #during(Supplier)}, for work without a result. */
    default void during(Runnable work) {
        during(() -> {
            work.run();
            return null;
        });
    }

    /** Reports work as this step: its begin, and its end with the time it took. */
    default <T> T during(Supplier<T> work) {
        long start = System.nanoTime();
        started();
        try {
            T result = work.get();
            ended(Duration.ofNanos(System.nanoTime() - start), Optional.empty());
            return result;
        } catch (RuntimeException failure) {
            ended(Duration.ofNanos(System.nanoTime() - start), Optional.of(String.valueOf(failure.getMessage())));
            throw failure;
        }
    }
}
