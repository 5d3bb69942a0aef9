package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.v1.ContainerServiceGrpc.ContainerServiceBlockingStub;
import dev.wherry.v1.UnpauseContainerRequest;
import picocli.CommandLine.Command;

/** {@code wherry unpause}. */
@Command
public final class UnpauseCommand extends EachContainerCommand {
    public UnpauseCommand(Session session) {
        super(session);
    }

    @Override
    String act(ContainerServiceBlockingStub daemon, String container) {
        daemon.unpause(
                UnpauseContainerRequest.newBuilder().setContainer(container).build());
        return container;
    }
}
