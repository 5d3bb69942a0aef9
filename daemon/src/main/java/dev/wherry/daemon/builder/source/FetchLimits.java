package dev.wherry.daemon.builder.source;

import java.time.Duration;

/**
 * How much one thing that is fetched may cost.
 *
 * @param bytes how large it may be, and the files it unpacks to together
 * @param files how many files it may unpack to
 * @param patience how long its source may take to answer, or send nothing
 */
public record FetchLimits(long bytes, long files, Duration patience) {

    private static final long FILES = 1_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The usual limits but for the size. */
    public static FetchLimits of(long bytes) {
        return new FetchLimits(bytes, FILES, PATIENCE);
    }

    /** What to say of something that is larger. */
    String tooLarge(String what) {
        return what + " is larger than the " + inWords()
                + " that may be fetched: raise fetch-limit of the daemon to allow it";
    }

    private String inWords() {
        long gibibytes = bytes >> 30;
        if (gibibytes << 30 == bytes) {
            return gibibytes + " GiB";
        }
        return bytes >> 20 << 20 == bytes ? (bytes >> 20) + " MiB" : bytes + " bytes";
    }
}
