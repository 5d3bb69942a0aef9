package dev.wherry.cli.command.container;

import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.ContainerServiceGrpc.ContainerServiceBlockingStub;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Parameters;

/** A command that acts on one or more containers, on each independently, and prints a line for each. */
abstract class EachContainerCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "CONTAINER", arity = "1..*")
    private List<String> containers;

    EachContainerCommand(Session session) {
        this.session = session;
    }

    /** Acts on one container and returns the line to print. */
    abstract String act(ContainerServiceBlockingStub daemon, String container);

    @Override
    public final ExitStatus call() {
        return EachArgument.of(
                session, containers, container -> List.of(act(session.daemon().containers(), container)));
    }
}
