package dev.wherry.daemon.volume;

import java.util.Set;

/**
 * Which volumes a container has.
 *
 * @param holder ID of the container
 * @param isRunning whether they are mounted
 */
public record VolumeUse(String holder, Set<String> volumes, boolean isRunning) {}
