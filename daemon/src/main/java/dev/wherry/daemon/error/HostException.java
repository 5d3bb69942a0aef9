package dev.wherry.daemon.error;

/** The host lacks something that the daemon needs, or an operation of the operating system failed. */
public final class HostException extends WherryException {

    public HostException(String message) {
        this(message, null);
    }

    public HostException(String message, Throwable cause) {
        super(message, cause);
    }
}
