package dev.wherry.cli.command.image;

import dev.wherry.cli.client.files.LoadCall;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.v1.LoadImagesResponse;
import dev.wherry.v1.LoadOptions;
import dev.wherry.v1.LoadedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry load}. */
@Command
public final class LoadCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "FILE|DIR",
            description = "Read from a tar archive file or an image layout in a directory, instead of standard input")
    private String input = "";

    /** No progress is shown, but advice is. */
    @Option(
            names = {"-q", "--quiet"},
            description = "Suppress the load output")
    private boolean quiet;

    @Option(names = "--platform", paramLabel = "OS/ARCH", description = "Load only the image for this platform")
    private String platform = "";

    public LoadCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        if (input.isEmpty() && session.console().inIsTerminal()) {
            throw new Failure("requested load from stdin, but stdin is empty");
        }
        LoadOptions options = LoadOptions.newBuilder().setPlatform(platform).build();
        try {
            for (LoadedImage image : send(options).getImagesList()) {
                session.console().out().println(line(image));
                if (!image.getArchiveName().isEmpty() && !quiet) {
                    session.console().err().println(advice(image));
                }
            }
            return ExitStatus.SUCCESS;
        } catch (NoSuchFileException e) {
            throw Failure.of("load: " + e.getFile() + " not found", e);
        }
    }

    private LoadImagesResponse send(LoadOptions options) throws IOException {
        if (!input.isEmpty() && Files.isDirectory(Path.of(input))) {
            return LoadCall.run(session.daemon(), options, Path.of(input));
        }
        try (InputStream archive = input.isEmpty() ? session.console().in() : Files.newInputStream(Path.of(input))) {
            return LoadCall.run(session.daemon(), options, archive);
        }
    }

    private static String advice(LoadedImage image) {
        return "The archive calls it \"" + TerminalText.oneLine(image.getArchiveName())
                + "\" and names no repository: 'wherry tag " + TerminalText.shortId(image.getImageId())
                + " NAME' gives it a name";
    }

    private static String line(LoadedImage image) {
        return image.getReference().isEmpty()
                ? "Loaded image ID: " + image.getImageId()
                : "Loaded image: " + image.getReference();
    }
}
