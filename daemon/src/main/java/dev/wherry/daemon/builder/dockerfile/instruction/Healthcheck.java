package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code HEALTHCHECK [options] CMD command}, or {@code HEALTHCHECK NONE}: how to tell whether a container still works.
 *
 * @param command what is run in the container; empty for NONE, which turns off what the base image has
 * @param interval between two checks; zero for the engine's own default, as with the others
 * @param timeout after which a check has failed
 * @param startPeriod in which a failure does not count
 * @param startInterval between two checks during the start period
 * @param retries how many failures in a row make the container unhealthy
 */
public record Healthcheck(
        Position position,
        String source,
        Optional<CommandLine> command,
        Duration interval,
        Duration timeout,
        Duration startPeriod,
        Duration startInterval,
        int retries)
        implements Instruction {}
