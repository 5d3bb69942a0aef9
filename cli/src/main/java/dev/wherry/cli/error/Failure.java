package dev.wherry.cli.error;

/**
 * What ends a command: one sentence for the user, without the leading {@code wherry:}, and the exit status. An empty
 * sentence means that everything worth saying has been printed already.
 */
public final class Failure extends RuntimeException {
    /** {@code null} leaves the status to the command. */
    private final ExitStatus status;

    public Failure(String sentence) {
        this(sentence, null, null);
    }

    public Failure(String sentence, ExitStatus status) {
        this(sentence, status, null);
    }

    public Failure(String sentence, ExitStatus status, Throwable cause) {
        super(sentence, cause, false, false);
        this.status = status;
    }

    /** A failure with the exit status of the command, and a cause for debugging. */
    public static Failure of(String sentence, Throwable cause) {
        return new Failure(sentence, null, cause);
    }

    /** The exit status, or {@code otherwise} if the failure names none. */
    public ExitStatus statusOr(ExitStatus otherwise) {
        return status == null ? otherwise : status;
    }
}
