package dev.wherry.cli.command.container;

import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.RemoveContainerRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry rm}. */
@Command
public final class RemoveContainersCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--force"},
            description = "Kill those that run")
    private boolean force;

    @Option(
            names = {"-v", "--volumes"},
            description = "Also the volumes that only they use; there are none yet")
    private boolean volumes;

    @Parameters(paramLabel = "CONTAINER", arity = "1..*")
    private List<String> containers;

    public RemoveContainersCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return EachArgument.of(session, containers, container -> {
            session.daemon()
                    .containers()
                    .remove(RemoveContainerRequest.newBuilder()
                            .setContainer(container)
                            .setForce(force)
                            .build());
            return List.of(container);
        });
    }
}
