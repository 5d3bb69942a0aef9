package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.flags.StopFlags;
import dev.wherry.v1.ContainerServiceGrpc.ContainerServiceBlockingStub;
import dev.wherry.v1.StopContainerRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wherry stop}. */
@Command
public final class StopCommand extends EachContainerCommand {
    @Mixin
    private StopFlags flags = new StopFlags();

    public StopCommand(Session session) {
        super(session);
    }

    @Override
    String act(ContainerServiceBlockingStub daemon, String container) {
        StopContainerRequest.Builder request =
                StopContainerRequest.newBuilder().setContainer(container).setSignal(flags.signal());
        flags.timeout().ifPresent(request::setTimeoutSeconds);
        daemon.stop(request.build());
        return container;
    }
}
