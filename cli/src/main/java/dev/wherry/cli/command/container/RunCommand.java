package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.Foreground.Part;
import dev.wherry.cli.command.container.flags.CreateFlags;
import dev.wherry.cli.command.container.flags.ForegroundFlags;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wherry run}: in the foreground its exit status is that of the container. */
@Command
public final class RunCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-d", "--detach"},
            description = "Run the container in the background and print its ID")
    private boolean detach;

    @Mixin
    private ForegroundFlags foreground = new ForegroundFlags();

    @Mixin
    private CreateFlags options = new CreateFlags();

    public RunCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        options.check();
        if (detach) {
            return runInBackground();
        }
        boolean stdin = options.joinsInput();
        Part part = new Part(
                stdin,
                options.joins("stdout"),
                options.joins("stderr"),
                options.tty,
                foreground.detachKeys(),
                foreground.passesSignals());
        Foreground.checkInput(session.console(), stdin, options.tty);
        String id = ContainerCreation.run(session, options, stdin);
        Foreground container = new Foreground(session, id, part, options.remove);
        return part.stdout() || part.stderr() ? container.run() : container.feed();
    }

    private ExitStatus runInBackground() {
        if (!options.attached.isEmpty()) {
            throw new Failure("conflicting options: cannot specify both --attach and --detach", ExitStatus.NOT_STARTED);
        }
        String id = ContainerCreation.run(session, options, false);
        Foreground.start(session, id, options.remove);
        session.console().out().println(id);
        return ExitStatus.SUCCESS;
    }
}
