package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.runtime.spec.ProcessAdditions.Limit;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a RUN sees of the host. It is part of what identifies the step.
 *
 * @param hostNetwork whether it sees the host's network or none
 * @param insecure whether it may do whatever root may
 * @param hosts more lines of {@code /etc/hosts}
 * @param shmBytes size of {@code /dev/shm}; empty for the usual one
 */
public record Sandbox(
        boolean hostNetwork, boolean insecure, List<String> hosts, OptionalLong shmBytes, List<Limit> limits) {}
