package dev.wherry.cli.command.container;

import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.flags.ForegroundFlags;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.cli.view.template.Template;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry start}. */
@Command
public final class StartCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-a", "--attach"},
            description =
                    "Attach standard output and error, forward signals, and exit with the status of the container")
    private boolean attach;

    @Option(
            names = {"-i", "--interactive"},
            description = "Attach the container's standard input")
    private boolean interactive;

    @Mixin
    private ForegroundFlags foreground = new ForegroundFlags();

    @Parameters(paramLabel = "CONTAINER", arity = "1..*")
    private List<String> containers;

    public StartCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        if (!attach && !interactive) {
            return EachArgument.of(session, containers, container -> {
                Foreground.start(session, container, false);
                return List.of(container);
            });
        }
        if (containers.size() > 1) {
            throw new Failure("you cannot start and attach multiple containers at once");
        }
        String container = containers.getFirst();
        boolean tty = hasTerminal(session, container);
        Foreground.checkInput(session.console(), interactive, tty);
        return new Foreground(session, container, Foreground.Part.of(interactive, tty, foreground), false).run();
    }

    /** Whether a container has a terminal. */
    static boolean hasTerminal(Session session, String container) {
        Object value = JsonValues.parse(InspectContainerCommand.json(session, container));
        return Template.parse("{{.Config.Tty}}").apply(value).equals("true");
    }
}
