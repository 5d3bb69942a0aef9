package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.HealthCheck;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The health check of a container; what is not given is taken from its image. */
final class HealthFlags {
    @Option(names = "--health-cmd", paramLabel = "COMMAND", description = "Command to run to check health")
    String command;

    @Option(
            names = "--health-interval",
            paramLabel = "TIME",
            description = "Time between two runs of the check, such as 30s")
    String interval;

    @Option(names = "--health-timeout", paramLabel = "TIME", description = "Maximum time to allow one check to run")
    String timeout;

    @Option(
            names = "--health-retries",
            paramLabel = "N",
            description = "Consecutive failures needed to report unhealthy")
    String retries;

    @Option(
            names = "--health-start-period",
            paramLabel = "TIME",
            description = "Time for the container to initialize, during which failures do not count")
    String startPeriod;

    @Option(
            names = "--health-start-interval",
            paramLabel = "TIME",
            description = "Time between two runs of the check during the start period")
    String startInterval;

    @Option(names = "--no-healthcheck", description = "Disable any HEALTHCHECK of the image")
    boolean none;

    /**
     * The health check, if any flag was given.
     *
     * @throws Failure if a value is wrong, or flags contradict each other
     */
    Optional<HealthCheck> check() {
        HealthCheck check = HealthCheck.newBuilder()
                .setIntervalNanos(nanos("--health-interval", interval))
                .setTimeoutNanos(nanos("--health-timeout", timeout))
                .setStartPeriodNanos(nanos("--health-start-period", startPeriod))
                .setStartIntervalNanos(nanos("--health-start-interval", startInterval))
                .setRetries(retries())
                .build();
        boolean given = command != null && !command.isEmpty();
        if (given) {
            check = check.toBuilder().addTest("CMD-SHELL").addTest(command).build();
        }
        boolean asked = !check.equals(HealthCheck.getDefaultInstance());
        if (!none) {
            return asked ? Optional.of(check) : Optional.empty();
        }
        if (asked) {
            throw new Failure("--no-healthcheck conflicts with --health-* options", ExitStatus.NOT_STARTED);
        }
        return Optional.of(HealthCheck.newBuilder().addTest("NONE").build());
    }

    private int retries() {
        long count = FlagValue.integer("--health-retries", retries, Integer.MIN_VALUE, Integer.MAX_VALUE);
        return (int) notNegative("--health-retries", count);
    }

    private static long nanos(String flag, String text) {
        return notNegative(flag, FlagValue.nanos(flag, text));
    }

    private static long notNegative(String flag, long value) {
        if (value < 0) {
            throw new Failure(flag + " cannot be negative", ExitStatus.NOT_STARTED);
        }
        return value;
    }
}
