package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.builder.dockerfile.instruction.RunDevice;
import dev.wherry.daemon.runtime.spec.ExtraHost;
import dev.wherry.daemon.runtime.spec.ProcessAdditions.Limit;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a RUN sees of the host. It is part of what identifies the step.
 *
 * @param network how it is connected
 * @param insecure whether it may do whatever root may
 * @param hosts for {@code /etc/hosts}
 * @param devices names of devices of the host that it has if they are there, or must have
 * @param allowed which of them the client allows: {@code device} for all, {@code device=NAME}
 * @param shmBytes size of {@code /dev/shm}; empty for the usual one
 */
public record Sandbox(
        RunNetwork network,
        boolean insecure,
        List<RunDevice> devices,
        Set<String> allowed,
        List<ExtraHost> hosts,
        OptionalLong shmBytes,
        List<Limit> limits) {}
