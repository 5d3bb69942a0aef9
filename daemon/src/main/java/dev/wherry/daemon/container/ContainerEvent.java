package dev.wherry.daemon.container;

import java.time.Instant;

/**
 * Something happened to a container; sent once, after the change is in the database.
 *
 * @param container as it stood after the change
 */
public record ContainerEvent(Action action, Container container, Instant time) {

    /** What happened. */
    public enum Action {
        CREATE,
        START,
        DIE,
        DESTROY
    }
}
