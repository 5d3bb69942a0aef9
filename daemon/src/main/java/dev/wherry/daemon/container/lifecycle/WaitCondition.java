package dev.wherry.daemon.container.lifecycle;

/** What a caller waits for. */
public enum WaitCondition {
    /** The container does not run: at once when it does not run now. */
    NOT_RUNNING,
    /** The container stops the next time after the call. */
    NEXT_EXIT,
    /** The container is removed. */
    REMOVED
}
