package dev.wherry.daemon.error;

/**
 * A step of a build failed. The message reads {@code FILE:LINE: INSTRUCTION: problem}; the parts are kept, so that each
 * build that shares the step can report the failure with its own place.
 */
public final class BuildException extends WherryException {

    private final String problem;

    /**
     * @param file name of the Dockerfile
     * @param line of the instruction, from 1
     * @param instruction as written, on one line
     */
    public BuildException(String file, int line, String instruction, String problem, Throwable cause) {
        super(file + ":" + line + ": " + instruction + ": " + problem, cause);
        this.problem = problem;
    }

    /** The message without the place and the instruction. */
    public String problem() {
        return problem;
    }
}
