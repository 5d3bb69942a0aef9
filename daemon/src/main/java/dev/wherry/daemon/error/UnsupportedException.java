package dev.wherry.daemon.error;

/** A feature of Docker's that Wherry does not have. */
public final class UnsupportedException extends WherryException {

    public UnsupportedException(String message) {
        this(message, null);
    }

    public UnsupportedException(String message, Throwable cause) {
        super(message, cause);
    }
}
