package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.flags.CreateFlags;
import dev.wherry.cli.error.ExitStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wherry create}. */
@Command
public final class CreateCommand implements Callable<ExitStatus> {
    private final Session session;

    @Mixin
    private CreateFlags options = new CreateFlags();

    public CreateCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        options.check();
        session.console().out().println(ContainerCreation.run(session, options, options.joinsInput()));
        return ExitStatus.SUCCESS;
    }
}
