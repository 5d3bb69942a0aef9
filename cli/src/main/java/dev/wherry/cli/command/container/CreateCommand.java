package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.flags.CreateFlags;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code wherry create}. */
@Command(
        customSynopsis = "wherry create [OPTIONS] IMAGE [COMMAND] [ARG...]",
        description = "Create a container without starting it.",
        footer = {"  wherry create --name web app", "  wherry start web"})
public final class CreateCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private CreateFlags options = new CreateFlags();

    @Spec
    private CommandSpec spec;

    public CreateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (options.asksForHelp()) {
            spec.commandLine().usage(session.console().out());
            return CommandLine.ExitCode.OK;
        }
        options.check("create");
        session.console().out().println(ContainerCreation.run(session, options, options.joinsInput()));
        return 0;
    }
}
