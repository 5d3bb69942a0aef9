package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.LogConfig;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The logging of a container. */
final class LogFlags {
    @Option(
            names = "--log-driver",
            paramLabel = "json-file|local|journald|none",
            description = "Logging driver for the container")
    String driver = "";

    @Option(
            names = "--log-opt",
            paramLabel = "KEY=VALUE",
            description = "Log driver option, such as max-size=10m or max-file=3")
    List<String> options = new ArrayList<>();

    /** @throws Failure when an option has no value */
    LogConfig config() {
        if (driver.equals("none") && !options.isEmpty()) {
            throw new Failure("invalid logging opts for driver none", ExitStatus.NOT_STARTED);
        }
        LogConfig.Builder config = LogConfig.newBuilder().setDriver(driver);
        for (String option : options) {
            int equals = option.indexOf('=');
            if (equals <= 0) {
                throw FlagValue.invalid("--log-opt", option, "give it as KEY=VALUE, such as max-size=10m");
            }
            config.putOptions(option.substring(0, equals), option.substring(equals + 1));
        }
        return config.build();
    }
}
