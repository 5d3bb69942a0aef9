package dev.wherry.cli.command.container;

import dev.wherry.cli.client.files.ExportCall;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.view.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry export}. */
@Command(
        customSynopsis = "wherry export [OPTIONS] CONTAINER",
        description = "Write the file system of a container as a tar archive, without what is mounted into it.",
        footer = {"  wherry export -o web.tar web", "  wherry export web | tar -t"})
public final class ExportCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to a file instead of standard output")
    private String output = "";

    @Parameters(paramLabel = "CONTAINER", index = "0")
    private String container;

    public ExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        if (output.isEmpty() && session.console().outIsTerminal()) {
            throw new Failure("cowardly refusing to save to a terminal. Use the -o flag or redirect");
        }
        if (output.isEmpty()) {
            ExportCall.toStream(session.daemon(), container, session.console().out());
        } else {
            ExportCall.toFile(session.daemon(), container, Path.of(output));
        }
        return 0;
    }
}
