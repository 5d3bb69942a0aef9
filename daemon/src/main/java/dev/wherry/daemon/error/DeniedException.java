package dev.wherry.daemon.error;

/** Someone outside the daemon, such as a registry, does not let the caller do this: another login may. */
public final class DeniedException extends WherryException {

    public DeniedException(String message) {
        super(message, null);
    }
}
