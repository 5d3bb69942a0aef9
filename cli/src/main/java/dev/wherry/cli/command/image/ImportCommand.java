package dev.wherry.cli.command.image;

import dev.wherry.cli.client.files.ImportCall;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.ImportOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry import}. */
@Command
public final class ImportCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-c", "--change"},
            paramLabel = "INSTRUCTION",
            description = "Apply a Dockerfile instruction to the created image; can be repeated")
    private List<String> changes = new ArrayList<>();

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            description = "Set the commit message of the imported image")
    private String message = "";

    @Option(names = "--platform", paramLabel = "OS/ARCH", description = "Platform of the imported image")
    private String platform = "";

    @Parameters(paramLabel = "FILE", index = "0")
    private String file;

    @Parameters(paramLabel = "REPOSITORY", index = "1", arity = "0..1")
    private String reference = "";

    public ImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        if (file.matches("(?i)https?://.*")) {
            throw new Failure("import: URLs are not supported yet: download the file and import it, or pipe it to -");
        }
        ImportOptions options = ImportOptions.newBuilder()
                .setReference(reference)
                .addAllChanges(changes)
                .setMessage(message)
                .setPlatform(platform)
                .build();
        if (file.equals("-") && session.console().inIsTerminal()) {
            throw new Failure("import: standard input is a terminal: pipe a tar archive to it");
        }
        try (InputStream tar = file.equals("-") ? session.console().in() : Files.newInputStream(Path.of(file))) {
            session.console().out().println(ImportCall.run(session.daemon(), options, tar));
            return ExitStatus.SUCCESS;
        } catch (NoSuchFileException e) {
            throw Failure.of("import: " + file + " not found", e);
        }
    }
}
