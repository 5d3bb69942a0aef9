package dev.wherry.daemon.container;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.List;

/**
 * How it is found out whether the program in a container works. What is not given is 0 or empty here.
 *
 * @param test "CMD" and a program with its arguments, "CMD-SHELL" and a command line, or "NONE"
 * @param intervalNanos between two checks, and all times in nanoseconds
 * @param retries failures in a row that make it unhealthy
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record HealthCheck(
        List<String> test,
        long intervalNanos,
        long timeoutNanos,
        long startPeriodNanos,
        long startIntervalNanos,
        int retries) {

    /** Nothing asked for. */
    public static final HealthCheck NONE = new HealthCheck(List.of(), 0, 0, 0, 0, 0);

    public HealthCheck {
        test = List.copyOf(test);
    }

    Duration interval() {
        return Duration.ofNanos(intervalNanos);
    }
}
