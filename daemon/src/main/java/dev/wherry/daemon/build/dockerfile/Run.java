package dev.wherry.daemon.build.dockerfile;

import java.util.List;

/**
 * {@code RUN [--mount=…] [--network=…] [--security=…] command}: runs a command on the filesystem of the stage. Its
 * variables are those of the process.
 *
 * @param insecure whether the command runs without the confinement that others have
 */
public record Run(
        Position position,
        String source,
        CommandLine command,
        List<MountFlag> mounts,
        Network network,
        boolean insecure)
        implements Instruction {

    /** What the command sees of the network. */
    public enum Network {
        /** What the build says. */
        DEFAULT,
        NONE,
        HOST
    }

    public Run {
        mounts = List.copyOf(mounts);
    }
}
