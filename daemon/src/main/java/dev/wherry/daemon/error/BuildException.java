package dev.wherry.daemon.error;

/**
 * A step of a build failed. The message reads {@code FILE:LINE: INSTRUCTION: problem}; the parts are kept, so that each
 * build that shares the step can report the failure with its own place.
 */
public final class BuildException extends WherryException {

    private final String file;
    private final int line;
    private final int endLine;
    private final String problem;

    /**
     * @param file name of the Dockerfile
     * @param line the first of the instruction, from 1
     * @param endLine its last line
     * @param instruction as written, on one line
     */
    public BuildException(String file, int line, int endLine, String instruction, String problem, Throwable cause) {
        super(file + ":" + line + ": " + instruction + ": " + problem, cause);
        this.file = file;
        this.line = line;
        this.endLine = endLine;
        this.problem = problem;
    }

    /** The name of the Dockerfile. */
    public String file() {
        return file;
    }

    /** The first line of the instruction, from 1. */
    public int line() {
        return line;
    }

    /** The last line of the instruction. */
    public int endLine() {
        return endLine;
    }

    /** The message without the place and the instruction. */
    public String problem() {
        return problem;
    }
}
