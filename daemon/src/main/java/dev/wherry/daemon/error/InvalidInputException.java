package dev.wherry.daemon.error;

/** A request, file or stream that cannot be accepted as it stands: the caller must change it. */
public final class InvalidInputException extends WherryException {

    public InvalidInputException(String message) {
        this(message, null);
    }

    public InvalidInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
