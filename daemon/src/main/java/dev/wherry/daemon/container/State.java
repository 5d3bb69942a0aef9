package dev.wherry.daemon.container;

import java.util.Locale;

/**
 * Where a container stands in its life.
 *
 * <pre>
 * created ─→ running ⇄ paused
 *    │          ├─→ restarting ─→ running
 *    │          └─→ exited ─→ running
 *    └──────────────┴─→ (removed)
 * </pre>
 *
 * <p>An exited container whose start by its restart policy fails becomes restarting too: the start is tried again.
 *
 * <p>Docker's state "dead", of a container whose removal failed, does not exist: a removal deletes the row first, and
 * the container with it; files that cannot be removed then are removed when the next daemon starts.
 */
public enum State {
    /** Made, never started. */
    CREATED,
    RUNNING,
    PAUSED,
    /** Does not run, and is about to be started again by its restart policy. */
    RESTARTING,
    EXITED;

    /** Whether it has processes. */
    public boolean isAlive() {
        return this == RUNNING || this == PAUSED;
    }

    /** Whether users see it as running: it has processes, or is about to have some again. */
    public boolean isUp() {
        return isAlive() || this == RESTARTING;
    }

    /** Whether a container may pass to a state, or stay in it. */
    public boolean allows(State next) {
        return this == next
                || switch (this) {
                    case CREATED -> next == RUNNING;
                    case EXITED -> next == RUNNING || next == RESTARTING;
                    case RUNNING -> next == PAUSED || next == RESTARTING || next == EXITED;
                    case PAUSED -> next == RUNNING || next == RESTARTING || next == EXITED;
                    case RESTARTING -> next == RUNNING || next == EXITED;
                };
    }

    public static State parse(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** The name that users know it by. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
