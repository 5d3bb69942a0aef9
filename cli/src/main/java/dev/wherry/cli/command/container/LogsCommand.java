package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code wherry logs}. */
@Command
public final class LogsCommand implements Callable<ExitStatus> {
    private final Session session;

    @Mixin
    private ShownLog log = new ShownLog();

    @Parameters(paramLabel = "CONTAINER", index = "0")
    private String container;

    public LogsCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        return log.print(session, container);
    }
}
