package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.v1.ContainerServiceGrpc.ContainerServiceBlockingStub;
import dev.wherry.v1.PauseContainerRequest;
import picocli.CommandLine.Command;

/** {@code wherry pause}. */
@Command
public final class PauseCommand extends EachContainerCommand {
    public PauseCommand(Session session) {
        super(session);
    }

    @Override
    String act(ContainerServiceBlockingStub daemon, String container) {
        daemon.pause(PauseContainerRequest.newBuilder().setContainer(container).build());
        return container;
    }
}
