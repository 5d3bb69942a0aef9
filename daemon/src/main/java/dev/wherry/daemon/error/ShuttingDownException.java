package dev.wherry.daemon.error;

/** The daemon ends: it refused a call, or cut it short. The next daemon can be asked again. */
public final class ShuttingDownException extends WherryException {

    public ShuttingDownException() {
        super("wherryd is shutting down", null);
    }
}
