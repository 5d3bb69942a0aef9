package dev.wherry.cli.error;

/**
 * The exit status of a command. In the foreground {@code run}, {@code start --attach} and {@code exec} return the status
 * of the program in the container, which may be any.
 */
public record ExitStatus(int code) {
    private static final int SIGNALLED = 128;

    public static final ExitStatus SUCCESS = new ExitStatus(0);

    /** The command failed. */
    public static final ExitStatus FAILURE = new ExitStatus(1);

    /** A flag is wrong, or the container could not be created or started. */
    public static final ExitStatus NOT_STARTED = new ExitStatus(125);

    /** The program in the container cannot be executed. */
    public static final ExitStatus NOT_EXECUTABLE = new ExitStatus(126);

    /** There is no such program in the container. */
    public static final ExitStatus NOT_FOUND = new ExitStatus(127);

    /** The user interrupted this process: SIGINT is signal 2. */
    public static final ExitStatus INTERRUPTED = ofSignal(2);

    /** The status of a process that a signal ended, as shells report it. */
    public static ExitStatus ofSignal(int number) {
        return new ExitStatus(SIGNALLED + number);
    }

    /** The graver of two. */
    public ExitStatus or(ExitStatus other) {
        return code >= other.code ? this : other;
    }
}
