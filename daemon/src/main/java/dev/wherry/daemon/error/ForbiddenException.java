package dev.wherry.daemon.error;

/** The role of the caller does not permit this. */
public final class ForbiddenException extends WherryException {

    private final String lacking;

    /**
     * @param lacking what would permit it, in one word where a program can act on it: the name of a role, or of a key of
     *     the configuration
     */
    public ForbiddenException(String lacking, String message) {
        super(message, null);
        this.lacking = lacking;
    }

    public String lacking() {
        return lacking;
    }
}
