package dev.wherry.daemon.error;

/** A container's program could not be started. */
public final class StartException extends WherryException {

    private final ExitCode exitCode;

    /**
     * @param exitCode the code of a shell that could not start the program
     */
    public StartException(ExitCode exitCode, String message) {
        super(message, null);
        this.exitCode = exitCode;
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
