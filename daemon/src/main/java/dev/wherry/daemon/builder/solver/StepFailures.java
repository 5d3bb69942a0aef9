package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.error.BuildException;

/** The failure of a step that several builds share, told to each as of its own Dockerfile. */
final class StepFailures {

    private StepFailures() {}

    /**
     * @param first the instruction of the build that began the step
     * @param step the instruction of the build that is told
     */
    static RuntimeException retold(Throwable failure, Step first, Step step) {
        return switch (failure) {
            case BuildException failed
            when !first.position().equals(step.position()) ->
                new BuildException(replaced(failed.getMessage(), first.position(), step.position()), failed);
            case DockerfileException failed
            when failed.line() == first.position().line() ->
                new DockerfileException(step.position(), failed.offendingText(), failed.problem());
            case RuntimeException failed -> failed;
            case Error failed -> throw failed;
            default -> new IllegalStateException(failure);
        };
    }

    private static String replaced(String message, Position first, Position mine) {
        String place = place(first);
        return message.startsWith(place) ? place(mine) + message.substring(place.length()) : message;
    }

    private static String place(Position position) {
        return position.file() + ":" + position.line() + ": ";
    }
}
