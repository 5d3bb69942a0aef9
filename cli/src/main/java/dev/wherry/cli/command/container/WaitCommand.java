package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.v1.ContainerServiceGrpc.ContainerServiceBlockingStub;
import dev.wherry.v1.WaitContainerRequest;
import picocli.CommandLine.Command;

/** {@code wherry wait}. */
@Command
public final class WaitCommand extends EachContainerCommand {
    public WaitCommand(Session session) {
        super(session);
    }

    @Override
    String act(ContainerServiceBlockingStub daemon, String container) {
        return Integer.toString(daemon.wait(WaitContainerRequest.newBuilder()
                        .setContainer(container)
                        .build())
                .getExitCode());
    }
}
