package dev.wherry.daemon.error;

/** Someone outside the daemon, such as a registry, does not let the caller do this: another login may. What the daemon itself
 * does not let a caller do is {@link ForbiddenException}. */
public final class DeniedException extends WherryException {

    public DeniedException(String message) {
        super(message, null);
    }
}
