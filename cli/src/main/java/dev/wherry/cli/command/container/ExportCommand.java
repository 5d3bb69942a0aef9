package dev.wherry.cli.command.container;

import dev.wherry.cli.client.files.ExportCall;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry export}. */
@Command
public final class ExportCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to a file, instead of standard output")
    private String output = "";

    @Parameters(paramLabel = "CONTAINER", index = "0")
    private String container;

    public ExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        if (output.isEmpty() && session.console().outIsTerminal()) {
            throw new Failure("cowardly refusing to save to a terminal. Use the -o flag or redirect");
        }
        if (output.isEmpty()) {
            ExportCall.toStream(session.daemon(), container, session.console().out());
        } else {
            ExportCall.toFile(session.daemon(), container, Path.of(output));
        }
        return ExitStatus.SUCCESS;
    }
}
