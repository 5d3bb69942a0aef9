package dev.wherry.cli.command.context;

import dev.wherry.cli.client.contexts.DaemonContext;
import dev.wherry.cli.command.DaemonSelection;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry context use}. */
@Command
public final class UseContextCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "CONTEXT", index = "0")
    private String name;

    public UseContextCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        DaemonSelection selection = session.selection();
        selection.contexts().use(name);
        session.console().out().println(name);
        session.console().out().flush();
        session.console().err().println("Current context is now \"" + name + "\"");
        if (!name.equals(DaemonContext.DEFAULT) && selection.environmentNamesHost()) {
            session.console()
                    .err()
                    .println("Warning: WHERRY_HOST environment variable overrides the active context. To use \"" + name
                            + "\", either set the global --context flag, or unset WHERRY_HOST environment variable.");
        }
        return ExitStatus.SUCCESS;
    }
}
