package dev.wherry.daemon.builder.progress;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.error.BuildException;

/** The failures of a step, each with the place of the step's instruction. */
public final class StepFailures {

    private StepFailures() {}

    /** The step was tried and failed. */
    public static BuildException failed(Step step, String problem) {
        return failed(step, problem, null);
    }

    public static BuildException failed(Step step, String problem, Throwable cause) {
        return new BuildException(step.position().file(), step.position().line(), step.source(), problem, cause);
    }

    /**
     * The failure of a step that several builds share, with the place that the instruction has in another of them.
     *
     * @param first the step of the build that did it
     * @param step the step of the build that reports it
     */
    public static RuntimeException placed(Throwable failure, Step first, Step step) {
        return switch (failure) {
            case BuildException failed
            when !first.position().equals(step.position()) -> failed(step, failed.problem(), failed);
            case DockerfileException failed
            when failed.line() == first.position().line() ->
                new DockerfileException(step.position(), failed.offendingText(), failed.problem());
            case RuntimeException failed -> failed;
            case Error failed -> throw failed;
            default -> new IllegalStateException(failure);
        };
    }
}
