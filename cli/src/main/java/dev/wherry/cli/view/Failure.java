package dev.wherry.cli.view;

/**
 * What ends a command: one sentence for the user, without the leading {@code wherry:}, and the exit code. An empty
 * sentence means that everything worth saying has been printed already.
 */
public final class Failure extends RuntimeException {
    /** Leaves the exit code to the command: 125 for {@code run}, 1 for others. */
    private static final int UNSET = -1;

    private final int exitCode;

    public Failure(String sentence) {
        this(sentence, UNSET, null);
    }

    public Failure(String sentence, int exitCode) {
        this(sentence, exitCode, null);
    }

    public Failure(String sentence, int exitCode, Throwable cause) {
        super(sentence, cause, false, false);
        this.exitCode = exitCode;
    }

    /** A failure with the exit code of the command and a cause for those who debug. */
    public static Failure of(String sentence, Throwable cause) {
        return new Failure(sentence, UNSET, cause);
    }

    /** The exit code, or {@code otherwise} when the failure names none. */
    public int exitCode(int otherwise) {
        return exitCode == UNSET ? otherwise : exitCode;
    }

    /** Whether the failure itself names an exit code. */
    public boolean hasExitCode() {
        return exitCode != UNSET;
    }
}
