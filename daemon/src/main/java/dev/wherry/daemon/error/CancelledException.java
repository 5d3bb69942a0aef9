package dev.wherry.daemon.error;

/** The work was ended because its client went away or asked for it. */
public final class CancelledException extends WherryException {

    public CancelledException(String message) {
        this(message, null);
    }

    public CancelledException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Ends the work of a thread that is interrupted: for long walks, which wait for nothing that an interrupt would end. */
    public static void throwIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("the client went away");
        }
    }
}
