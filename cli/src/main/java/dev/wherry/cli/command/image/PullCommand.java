package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.PullResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry pull}. */
@Command
public final class PullCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-q", "--quiet"},
            description = "Suppress verbose output")
    private boolean quiet;

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH[,…]",
            description = "Platforms of the image to pull (default: the one that runs best on the daemon's host)")
    private List<String> platforms = new ArrayList<>();

    @Parameters(paramLabel = "NAME", index = "0")
    private String name;

    public PullCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        PullResult result = ImagePull.run(session, name, String.join(",", platforms), quiet);
        if (!quiet) {
            ImagePull.report(result, session.console().out());
        }
        session.console().out().println(result.getReference());
        return ExitStatus.SUCCESS;
    }
}
