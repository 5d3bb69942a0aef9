package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.wherry.daemon.error.InvalidInputException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the health of a container is checked. An option that was not given is 0 or empty here.
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

    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** No check requested. */
    public static final HealthCheck NONE = new HealthCheck(List.of(), 0, 0, 0, 0, 0);

    public HealthCheck {
        test = List.copyOf(test);
    }

    /** @throws InvalidInputException which names the first option that no check can have */
    void check() {
        check("Interval", intervalNanos);
        check("Timeout", timeoutNanos);
        check("StartPeriod", startPeriodNanos);
        check("StartInterval", startIntervalNanos);
        if (retries < 0) {
            throw new InvalidInputException("Retries in Healthcheck cannot be negative");
        }
    }

    private static void check(String option, long nanos) {
        if (nanos != 0 && nanos < SHORTEST.toNanos()) {
            throw new InvalidInputException(option + " in Healthcheck cannot be less than 1ms");
        }
    }

    /** Whether there is a check to run. */
    public boolean isAsked() {
        return !test.isEmpty() && !test.getFirst().equals("NONE");
    }

    /** What is not given is taken from the image, as its config has it; docker's defaults are filled in when asked. */
    public HealthCheck completedBy(Map<String, Object> image) {
        if (image == null) {
            return this;
        }
        boolean inherits = test.isEmpty();
        return new HealthCheck(
                inherits && image.get("Test") instanceof List<?> words
                        ? words.stream().map(String::valueOf).toList()
                        : test,
                or(intervalNanos, image, "Interval"),
                or(timeoutNanos, image, "Timeout"),
                or(startPeriodNanos, image, "StartPeriod"),
                or(startIntervalNanos, image, "StartInterval"),
                (int) or(retries, image, "Retries"));
    }

    private static long or(long given, Map<String, Object> image, String name) {
        return given != 0 || !(image.get(name) instanceof Number number) ? given : number.longValue();
    }

    /**
     * The program to run, with its arguments.
     *
     * @param shell runs a command line; empty for {@code /bin/sh -c}
     */
    public List<String> command(List<String> shell) {
        List<String> words = test.subList(1, test.size());
        if (!test.getFirst().equals("CMD-SHELL")) {
            return words;
        }
        List<String> command = new ArrayList<>(shell.isEmpty() ? List.of("/bin/sh", "-c") : shell);
        command.addAll(words);
        return command;
    }

    public Duration interval() {
        return orDefault(intervalNanos, Duration.ofSeconds(30));
    }

    public Duration timeout() {
        return orDefault(timeoutNanos, Duration.ofSeconds(30));
    }

    /** From the start of the container, during which failures count for nothing. */
    public Duration startPeriod() {
        return Duration.ofNanos(startPeriodNanos);
    }

    /** Between two checks in the start period. */
    public Duration startInterval() {
        return orDefault(startIntervalNanos, Duration.ofSeconds(5));
    }

    /**
     * When the next check of a container is due that is in its start period and has not been healthy. A start interval
     * that outlasts the start period does not put the first check that counts off: it comes with the end of the period.
     *
     * @param last when the last check ended
     * @param start when the container started
     */
    public Instant nextWhileStarting(Instant last, Instant start) {
        Instant early = last.plus(startInterval());
        Instant regular = last.plus(interval());
        Instant end = start.plus(startPeriod());
        Instant counting = regular.isBefore(end) ? end : regular;
        return early.isBefore(counting) ? early : counting;
    }

    public int allowedFailures() {
        return retries > 0 ? retries : 3;
    }

    private static Duration orDefault(long nanos, Duration otherwise) {
        return nanos > 0 ? Duration.ofNanos(nanos) : otherwise;
    }
}
