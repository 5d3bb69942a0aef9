package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.dockerfile.instruction.CommandLine;
import dev.wherry.daemon.builder.dockerfile.instruction.GoDuration;
import dev.wherry.daemon.builder.dockerfile.instruction.GoText;
import dev.wherry.daemon.builder.dockerfile.instruction.Healthcheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A HEALTHCHECK as the image config has it: durations in nanoseconds, and nothing that has no value. */
final class HealthcheckConfig {

    private HealthcheckConfig() {}

    static Map<String, Object> of(Healthcheck check) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("Test", test(check));
        put(config, "Interval", check.interval());
        put(config, "Timeout", check.timeout());
        put(config, "StartPeriod", check.startPeriod());
        put(config, "StartInterval", check.startInterval());
        if (check.retries() > 0) {
            config.put("Retries", check.retries());
        }
        return config;
    }

    /** The line of the history. */
    static String createdBy(Healthcheck check) {
        return "HEALTHCHECK {Test:" + GoText.plain(test(check)) + " Interval:" + GoDuration.text(check.interval())
                + " Timeout:" + GoDuration.text(check.timeout()) + " StartPeriod:"
                + GoDuration.text(check.startPeriod()) + " StartInterval:" + GoDuration.text(check.startInterval())
                + " Retries:" + check.retries() + "}";
    }

    private static List<String> test(Healthcheck check) {
        if (check.command().isEmpty()) {
            return List.of("NONE");
        }
        return switch (check.command().get()) {
            case CommandLine.Shell shell -> List.of("CMD-SHELL", shell.text());
            case CommandLine.Exec exec -> {
                List<String> test = new ArrayList<>(List.of("CMD"));
                test.addAll(exec.args());
                yield test;
            }
        };
    }

    private static void put(Map<String, Object> config, String name, Duration duration) {
        if (!duration.isZero()) {
            config.put(name, duration.toNanos());
        }
    }
}
