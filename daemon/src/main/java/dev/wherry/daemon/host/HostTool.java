package dev.wherry.daemon.host;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A program of the host.
 *
 * @param path where it is, absent when it is missing
 * @param version first line of what it says of its version, empty when it is missing
 * @param remedy what cannot be done without it and how to install it, empty when it is there
 */
public record HostTool(String name, Optional<Path> path, String version, String remedy) {}
