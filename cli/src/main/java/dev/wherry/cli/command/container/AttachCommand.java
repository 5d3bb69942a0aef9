package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.flags.ForegroundFlags;
import dev.wherry.cli.error.ExitStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry attach}. */
@Command
public final class AttachCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(names = "--no-stdin", description = "Do not attach standard input")
    private boolean noStdin;

    @Mixin
    private ForegroundFlags foreground = new ForegroundFlags();

    @Parameters(paramLabel = "CONTAINER", index = "0")
    private String container;

    public AttachCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        boolean tty = StartCommand.hasTerminal(session, container);
        Foreground.checkInput(session.console(), !noStdin, tty);
        return new Foreground(session, container, Foreground.Part.of(!noStdin, tty, foreground), false).join();
    }
}
