package dev.wherry.daemon.container.log;

import java.time.Instant;

/** The run of a container whose output a reader follows: a restart begins another, which is another reader's. */
interface LoggedRun {

    /** Whether more output may come. */
    boolean goesOn();

    /** When the container was started again: entries since then are not of this run. Far ahead when it was not. */
    default Instant successor() {
        return Instant.MAX;
    }
}
