package dev.wherry.daemon.error;

/** A resource ran out: disk space, or a limit set against hostile input. */
public final class ExhaustedException extends WherryException {

    public ExhaustedException(String message) {
        this(message, null);
    }

    public ExhaustedException(String message, Throwable cause) {
        super(message, cause);
    }
}
