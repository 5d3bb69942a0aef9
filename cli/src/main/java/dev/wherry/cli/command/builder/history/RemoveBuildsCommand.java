package dev.wherry.cli.command.builder.history;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.RemoveBuildsRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry builder history rm}. */
@Command
public final class RemoveBuildsCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(names = "--all", description = "Remove all build records")
    private boolean all;

    @Parameters(paramLabel = "BUILD", arity = "0..*")
    private List<String> builds = new ArrayList<>();

    public RemoveBuildsCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        if (all == !builds.isEmpty()) {
            throw new Failure("builder history rm: give the IDs of builds, or --all");
        }
        session.daemon()
                .builds()
                .removeBuilds(RemoveBuildsRequest.newBuilder()
                        .setAll(all)
                        .addAllBuilds(builds)
                        .build())
                .getBuildsList()
                .forEach(session.console().out()::println);
        return ExitStatus.SUCCESS;
    }
}
