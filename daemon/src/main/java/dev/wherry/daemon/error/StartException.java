package dev.wherry.daemon.error;

/** A container's program could not be started. */
public final class StartException extends WherryException {

    private final int exitCode;

    /**
     * @param exitCode what a shell would return: 127 when the program is not there, 126 when it cannot be executed, 125
     *     when the runtime itself failed
     */
    public StartException(int exitCode, String message) {
        super(message, null);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
