package dev.wherry.daemon.builder.progress;

/** Where a build reports what it does. Called from several threads at once; may block while its reader is slow. */
public interface BuildProgress {

    /** Which of its streams a RUN wrote to. */
    enum Stream {
        STDOUT,
        STDERR
    }

    /** The handle under which a step reports; nothing is reported until the step begins. */
    StepProgress step(Step step);

    /** The Dockerfile that is built or asked about, as errors and warnings name it. */
    default void source(String file, byte[] text) {}

    /** Something is odd but does no harm. */
    void warning(Warning warning);
}
