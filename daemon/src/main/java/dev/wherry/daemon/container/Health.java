package dev.wherry.daemon.container;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;

/**
 * What the health checks of a container have said.
 *
 * @param status "starting", "healthy" or "unhealthy"
 * @param failingStreak failures in a row
 * @param results the last five, oldest first
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record Health(String status, int failingStreak, List<Result> results) {

    public static final String STARTING = "starting";
    public static final String HEALTHY = "healthy";
    public static final String UNHEALTHY = "unhealthy";

    private static final int RESULTS_KEPT = 5;

    /** Nothing has been checked yet. */
    public static final Health UNKNOWN = new Health(STARTING, 0, List.of());

    public Health {
        results = List.copyOf(results);
    }

    /**
     * One check.
     *
     * @param startNanos when it began, in nanoseconds since 1970, as {@code endNanos}
     * @param exitCode 0 for success; -1 when it took too long or could not be run
     * @param output the first 4 KiB of what it wrote
     */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Result(long startNanos, long endNanos, int exitCode, String output) {}

    /**
     * With one more result.
     *
     * @param forgiven whether a failure counts for nothing, since the program is still starting
     * @param retries failures in a row that make it unhealthy
     */
    public Health after(Result result, boolean forgiven, int retries) {
        List<Result> last = new ArrayList<>(results);
        last.add(result);
        if (last.size() > RESULTS_KEPT) {
            last.removeFirst();
        }
        if (result.exitCode() == 0) {
            return new Health(HEALTHY, 0, last);
        }
        int streak = forgiven && status.equals(STARTING) ? failingStreak : failingStreak + 1;
        return new Health(streak >= retries ? UNHEALTHY : status, streak, last);
    }
}
