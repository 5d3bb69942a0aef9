package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.flags.StopFlags;
import dev.wherry.v1.ContainerServiceGrpc.ContainerServiceBlockingStub;
import dev.wherry.v1.RestartContainerRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wherry restart}. */
@Command
public final class RestartCommand extends EachContainerCommand {
    @Mixin
    private StopFlags flags = new StopFlags();

    public RestartCommand(Session session) {
        super(session);
    }

    @Override
    String act(ContainerServiceBlockingStub daemon, String container) {
        RestartContainerRequest.Builder request =
                RestartContainerRequest.newBuilder().setContainer(container).setSignal(flags.signal());
        flags.timeout().ifPresent(request::setTimeoutSeconds);
        daemon.restart(request.build());
        return container;
    }
}
