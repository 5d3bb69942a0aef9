package dev.wherry.cli.command.volume;

import dev.wherry.cli.client.files.CopyCalls;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.copy.FileCopy;
import dev.wherry.cli.error.ExitStatus;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry volume cp}. */
@Command
public final class CopyVolumeCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-a", "--archive"},
            description = "Copy UID and GID information")
    private boolean archive;

    @Option(
            names = {"-L", "--follow-link"},
            description = "Always follow symbolic links in SRC_PATH")
    private boolean followLink;

    @Option(
            names = {"-q", "--quiet"},
            arity = "0..1",
            fallbackValue = "true",
            description = "Suppress the report of how much was copied, as when standard output is no terminal")
    private Boolean quiet;

    @Parameters(paramLabel = "SRC_PATH", index = "0")
    private String source;

    @Parameters(paramLabel = "DEST_PATH", index = "1")
    private String destination;

    public CopyVolumeCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        FileCopy.Options options = new FileCopy.Options(archive, followLink, quiet);
        new FileCopy(session, CopyCalls.ofVolumes(session.daemon()), "volume", options).copy(source, destination);
        return ExitStatus.SUCCESS;
    }
}
