package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.error.InvalidInputException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The time that a result bears instead of the time of the build (reproducible-builds.org, "SOURCE_DATE_EPOCH").
 *
 * @param epoch what the image and its history say of their making; empty for the real times
 * @param files whether no file of a new layer is younger than that
 */
public record SourceDate(Optional<Instant> epoch, boolean files) {

    /** The build argument that holds it, in seconds since 1970. */
    public static final String ARGUMENT = "SOURCE_DATE_EPOCH";

    /**
     * Stands in for a date that is asked for and not given: the beginning of 1980, before which archives in ZIP format
     * cannot go. A fixed one, so that a commit which changes no file of a step does not change the step's result.
     */
    public static final String FALLBACK = "315532800";

    /** Times as they are. */
    public static final SourceDate NONE = new SourceDate(Optional.empty(), false);

    /**
     * @param files whether times of files are rewritten too
     * @throws InvalidInputException when the date is no number of seconds, or is missing and needed
     */
    public static SourceDate of(Map<String, String> buildArgs, boolean files) {
        String text = buildArgs.getOrDefault(ARGUMENT, "");
        if (text.isEmpty()) {
            if (files) {
                throw new InvalidInputException("rewrite-timestamp needs a date: set " + ARGUMENT
                        + " in the environment or by --build-arg, or give --reproducible");
            }
            return NONE;
        }
        try {
            long seconds = Long.parseLong(text);
            if (seconds < 0) {
                throw new NumberFormatException();
            }
            Instant epoch = Instant.ofEpochSecond(seconds);
            // What a date in JSON cannot hold.
            if (seconds > 253402300799L) {
                throw new DateTimeException("after the year 9999");
            }
            return new SourceDate(Optional.of(epoch), files);
        } catch (NumberFormatException | DateTimeException malformed) {
            throw new InvalidInputException(
                    "invalid " + ARGUMENT + " \"" + text + "\": give seconds since 1970, such as 1700000000",
                    malformed);
        }
    }

    /** What files that become no layer have as their time, as docker's exporters give it them. */
    OptionalLong seconds() {
        return epoch.map(time -> OptionalLong.of(time.getEpochSecond())).orElse(OptionalLong.empty());
    }

    /** The latest time that a file of a layer may have, in seconds since 1970. */
    public OptionalLong latestOfFiles() {
        return files ? seconds() : OptionalLong.empty();
    }
}
