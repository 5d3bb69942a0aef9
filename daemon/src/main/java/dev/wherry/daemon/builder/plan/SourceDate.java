package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.error.InvalidInputException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The time that a result bears instead of the time of the build (reproducible-builds.org, "SOURCE_DATE_EPOCH").
 *
 * @param epoch what the image and its history say of their making; empty for the real times
 * @param files whether no file of a new layer is younger than that
 * @param fixed whether there is always a date, be it a fixed one
 */
public record SourceDate(Optional<Instant> epoch, boolean files, boolean fixed) {

    /** The build argument that holds it, in seconds since 1970. */
    public static final String ARGUMENT = "SOURCE_DATE_EPOCH";

    /** A time that is not asked to be any in particular. */
    public static final SourceDate NONE = new SourceDate(Optional.empty(), false, false);

    /**
     * Stands in for a date that is asked for and not given: the beginning of 1980, before which archives in ZIP format
     * cannot go. A fixed one, so that a commit which changes no file of a step does not change the step's result.
     */
    private static final Instant FALLBACK = Instant.ofEpochSecond(315532800);

    /** What a date in JSON cannot hold any more: after the year 9999. */
    private static final long TOO_LATE = 253402300800L;

    /** What a client asks for, before the date is known. */
    public static SourceDate asked(boolean files, boolean fixed) {
        return new SourceDate(Optional.empty(), files, fixed);
    }

    /**
     * The same with its date.
     *
     * @param date as the build argument says; empty where it says nothing
     * @throws InvalidInputException when there is none, and times of files are to be rewritten
     */
    public SourceDate at(Optional<Instant> date) {
        Optional<Instant> known = date.or(() -> fixed ? Optional.of(FALLBACK) : Optional.empty());
        if (files && known.isEmpty()) {
            throw new InvalidInputException("rewrite-timestamp needs a date: give the build argument " + ARGUMENT
                    + ", or ask for a reproducible build");
        }
        return new SourceDate(known, files, fixed);
    }

    /** The date that a number of seconds means; empty when the text is none that can be. */
    public static Optional<Instant> parse(String text) {
        try {
            long seconds = Long.parseLong(text);
            return seconds < 0 || seconds >= TOO_LATE ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
        } catch (NumberFormatException word) {
            return Optional.empty();
        }
    }

    /** What files that become no layer have as their time, as docker's exporters give it them. */
    public OptionalLong seconds() {
        return epoch.map(time -> OptionalLong.of(time.getEpochSecond())).orElse(OptionalLong.empty());
    }

    /** The latest time that a file of a layer may have, in seconds since 1970. */
    public OptionalLong latestOfFiles() {
        return files ? seconds() : OptionalLong.empty();
    }
}
