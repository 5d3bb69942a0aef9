package dev.wherry.daemon.builder.progress;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;

/**
 * What a step is made from, as far as errors name it. The plan knows instructions and their positions; whoever performs
 * a step only reports what is wrong.
 */
public interface StepOrigin {

    /** For a step that no instruction stands for: errors name nothing. */
    StepOrigin NONE = new StepOrigin() {
        @Override
        public String file() {
            return "";
        }

        @Override
        public int line() {
            return 0;
        }

        @Override
        public RuntimeException refused(String offending, String problem) {
            return new InvalidInputException(problem);
        }

        @Override
        public RuntimeException failed(String problem, Throwable cause) {
            return new HostException(problem, cause);
        }

        @Override
        public RuntimeException adopted(Throwable failure, StepOrigin first) {
            return failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
        }
    };

    /** The Dockerfile that the instruction stands in. */
    String file();

    /** The line of the instruction, from 1. */
    int line();

    /**
     * The error for an instruction that asks for something impossible.
     *
     * @param offending the part of the instruction that is wrong
     */
    RuntimeException refused(String offending, String problem);

    /** The error for a step that was tried and failed. */
    RuntimeException failed(String problem, Throwable cause);

    /**
     * The failure of a step that several builds share, with the location that the instruction has in this build.
     *
     * @param first the origin of the step in the build that performed it
     */
    RuntimeException adopted(Throwable failure, StepOrigin first);
}
