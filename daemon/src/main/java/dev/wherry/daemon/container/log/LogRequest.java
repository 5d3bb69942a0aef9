package dev.wherry.daemon.container.log;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which part of a container's log is wanted.
 *
 * @param follow go on with what comes until the container stops
 * @param tail only that many of the last lines
 * @param timestamps begin each line with the time it was written at
 * @param details begin each line with what the log's options say of the container
 * @param since only lines written at that time or later
 * @param until only lines written before that time
 */
public record LogRequest(
        boolean follow,
        OptionalInt tail,
        boolean timestamps,
        boolean details,
        Optional<Instant> since,
        Optional<Instant> until) {

    /** All of the log, as it was written. */
    public static final LogRequest ALL =
            new LogRequest(false, OptionalInt.empty(), false, false, Optional.empty(), Optional.empty());
}
