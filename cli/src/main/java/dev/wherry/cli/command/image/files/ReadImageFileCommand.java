package dev.wherry.cli.command.image.files;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.ReadImageFileRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry image cat}. */
@Command
public final class ReadImageFileCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            description = "Look into the image for a platform, where there are several")
    private String platform = "";

    @Parameters(paramLabel = "IMAGE:PATH", arity = "1..*")
    private List<String> files = new ArrayList<>();

    public ReadImageFileCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        PrintStream out = session.console().out();
        for (ImagePath file : files.stream().map(ImagePath::parse).toList()) {
            copy(session, file, platform, out);
            out.flush();
            if (out.checkError()) {
                throw new Failure("image cat: standard output takes no more");
            }
        }
        return ExitStatus.SUCCESS;
    }

    /** Copies the content of a file until it ends, or the stream takes no more. */
    static void copy(Session session, ImagePath file, String platform, OutputStream out) {
        ReadImageFileRequest request = ReadImageFileRequest.newBuilder()
                .setImage(file.image())
                .setPath(file.path())
                .setPlatform(platform)
                .build();
        Received.each(session.daemon(), session.daemon().imageFileStreams().readFile(request), response -> {
            try {
                response.getData().writeTo(out);
                return !(out instanceof PrintStream printed && printed.checkError());
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }
}
