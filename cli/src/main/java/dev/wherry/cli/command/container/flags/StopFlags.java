package dev.wherry.cli.command.container.flags;

import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** How a container is stopped. */
public final class StopFlags {
    @Option(
            names = {"-t", "--timeout", "--time"},
            paramLabel = "SECONDS",
            description = "Seconds to wait before killing the container; -1 for no limit (default 10)")
    private Integer timeout;

    @Option(
            names = {"-s", "--signal"},
            paramLabel = "SIGNAL",
            description = "Signal to send to the container")
    private String signal = "";

    /** Seconds until the container is killed; empty leaves them to the container's configuration. */
    public OptionalInt timeout() {
        return timeout == null ? OptionalInt.empty() : OptionalInt.of(timeout);
    }

    /** The signal to send; empty for the stop signal of the container. */
    public String signal() {
        return signal;
    }
}
