package dev.wherry.daemon.error;

/** Something outside the daemon, such as a registry, does not answer or refuses: trying again may help. */
public final class UnavailableException extends WherryException {

    public UnavailableException(String message) {
        this(message, null);
    }

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
