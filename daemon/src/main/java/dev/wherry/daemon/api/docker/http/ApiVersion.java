package dev.wherry.daemon.api.docker.http;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of Docker's API, as paths begin with it. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {

    /** What is announced: later versions leave out fields that clients of earlier ones read. */
    public static final ApiVersion NEWEST = new ApiVersion(1, 51);

    public static final ApiVersion OLDEST = new ApiVersion(1, 24);

    private static final Pattern PREFIX = Pattern.compile("/v([0-9]{1,4})\\.([0-9]{1,4})(/.*)");

    /**
     * A path without its version.
     *
     * @param version the newest where the path has none
     */
    record Versioned(ApiVersion version, String path) {}

    /** @throws InvalidInputException when the version of the path is not served */
    static Versioned read(String path) {
        Matcher prefix = PREFIX.matcher(path);
        if (!prefix.matches()) {
            return new Versioned(NEWEST, path);
        }
        ApiVersion version = new ApiVersion(Integer.parseInt(prefix.group(1)), Integer.parseInt(prefix.group(2)));
        problem(version).ifPresent(sentence -> {
            throw new InvalidInputException(sentence);
        });
        return new Versioned(version, prefix.group(3));
    }

    private static Optional<String> problem(ApiVersion version) {
        if (version.compareTo(OLDEST) < 0) {
            return Optional.of("client version " + version + " is too old. Minimum supported API version is " + OLDEST
                    + ", please upgrade your client to a newer version");
        }
        return version.compareTo(NEWEST) > 0
                ? Optional.of("client version " + version + " is too new. Maximum supported API version is " + NEWEST)
                : Optional.empty();
    }

    public boolean isBefore(int otherMinor) {
        return compareTo(new ApiVersion(1, otherMinor)) < 0;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
