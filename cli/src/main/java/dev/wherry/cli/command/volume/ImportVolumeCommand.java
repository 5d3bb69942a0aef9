package dev.wherry.cli.command.volume;

import dev.wherry.cli.client.files.CopyCalls;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry volume import}. */
@Command
public final class ImportVolumeCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "VOLUME", index = "0")
    private String volume;

    @Parameters(paramLabel = "FILE", index = "1")
    private String file;

    public ImportVolumeCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        if (file.equals("-") && session.console().inIsTerminal()) {
            throw new Failure("volume import: standard input is a terminal: pipe a tar archive to it");
        }
        try (InputStream tar = file.equals("-") ? session.console().in() : Files.newInputStream(Path.of(file))) {
            CopyCalls.importingIntoVolumes(session.daemon()).to(volume, "/", false, tar::transferTo);
            session.console().out().println(volume);
            return ExitStatus.SUCCESS;
        } catch (NoSuchFileException e) {
            throw Failure.of("volume import: " + file + " not found", e);
        }
    }
}
