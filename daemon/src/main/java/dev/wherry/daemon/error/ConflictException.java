package dev.wherry.daemon.error;

/** The request is well-formed but contradicts the present state: a name in use, a container that runs. */
public final class ConflictException extends WherryException {

    public ConflictException(String message) {
        this(message, null);
    }

    public ConflictException(String message, Throwable cause) {
        super(message, cause);
    }
}
