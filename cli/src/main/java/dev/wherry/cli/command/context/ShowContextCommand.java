package dev.wherry.cli.command.context;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code wherry context show}. */
@Command
public final class ShowContextCommand implements Callable<ExitStatus> {
    private final Session session;

    public ShowContextCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        session.console().out().println(session.selection().contextName());
        return ExitStatus.SUCCESS;
    }
}
