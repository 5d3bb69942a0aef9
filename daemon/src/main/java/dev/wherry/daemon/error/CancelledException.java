package dev.wherry.daemon.error;

/** The work was ended because its client went away or asked for it. */
public final class CancelledException extends WherryException {

    public CancelledException(String message) {
        this(message, null);
    }

    public CancelledException(String message, Throwable cause) {
        super(message, cause);
    }
}
