package dev.wherry.daemon.error;

/**
 * How a process ended, as a shell reports it: its own code from 0 to 255, or one of the codes that stand for a reason.
 */
public record ExitCode(int value) {

    public static final ExitCode SUCCESS = new ExitCode(0);
    /** The runtime, or what it needs, failed: the program was never tried. */
    public static final ExitCode RUNTIME_FAILED = new ExitCode(125);
    /** The program exists and cannot be executed. */
    public static final ExitCode NOT_EXECUTABLE = new ExitCode(126);
    /** There is no such program. */
    public static final ExitCode NOT_FOUND = new ExitCode(127);
    /** SIGKILL ended the process, or nobody knows how it ended while its host kept running. */
    public static final ExitCode KILLED = signalled(9);
    /** Nobody knows how the process ended: the host stopped with it, or the exit code is unreadable. */
    public static final ExitCode LOST = new ExitCode(255);

    private static final int SIGNAL_BASE = 128;

    /** The process was ended by a signal. */
    public static ExitCode signalled(int signal) {
        return new ExitCode(SIGNAL_BASE + signal);
    }

    public boolean isSuccess() {
        return value == 0;
    }
}
