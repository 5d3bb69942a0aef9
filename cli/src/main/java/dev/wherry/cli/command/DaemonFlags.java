package dev.wherry.cli.command;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The flags before the command that say which daemon is meant and how it is reached, as they were given.
 *
 * @param config the folder of the client's configuration
 */
public record DaemonFlags(
        Optional<Path> config,
        Optional<String> context,
        Optional<String> host,
        Optional<Boolean> tls,
        Optional<Boolean> tlsVerify,
        Optional<Path> ca,
        Optional<Path> cert,
        Optional<Path> key) {
    /** No flag was given. */
    public static final DaemonFlags NONE = new DaemonFlags(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
}
