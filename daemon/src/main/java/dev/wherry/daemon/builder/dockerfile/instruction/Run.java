package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.word.HereDocument;
import java.util.List;
import java.util.Optional;

/**
 * {@code RUN [--mount=…] [--network=…] [--security=…] command}: runs a command on the filesystem of the stage. Its
 * variables are those of the process.
 *
 * @param command where here-documents follow, the text that the shell gets with them in it
 * @param script the here-document that the command runs as a program by its interpreter line; its file is to be found
 *     in {@link #SCRIPTS} under its name
 * @param insecure whether the command runs without the confinement that others have
 */
public record Run(
        Position position,
        String source,
        CommandLine command,
        Optional<HereDocument> script,
        List<MountFlag> mounts,
        List<RunDevice> devices,
        Network network,
        boolean insecure)
        implements Instruction {

    /** The folder that holds the script while the command runs. */
    public static final String SCRIPTS = "/dev/pipes";

    /** What the command sees of the network. */
    public enum Network {
        /** What the build says. */
        DEFAULT,
        NONE,
        HOST
    }

    public Run {
        mounts = List.copyOf(mounts);
        devices = List.copyOf(devices);
    }
}
