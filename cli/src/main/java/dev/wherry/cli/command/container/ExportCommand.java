package dev.wherry.cli.command.container;

import dev.wherry.cli.client.files.ExportCall;
import dev.wherry.cli.client.files.StreamTarget;
import dev.wherry.cli.command.RedirectedOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import java.io.IOException;
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
        RedirectedOutput.require(output, session.console());
        ExportCall.run(
                session.daemon(),
                container,
                StreamTarget.of(output, session.console().out()));
        return ExitStatus.SUCCESS;
    }
}
