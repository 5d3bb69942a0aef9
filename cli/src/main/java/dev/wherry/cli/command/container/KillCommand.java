package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.v1.ContainerServiceGrpc.ContainerServiceBlockingStub;
import dev.wherry.v1.KillContainerRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry kill}. */
@Command
public final class KillCommand extends EachContainerCommand {
    @Option(
            names = {"-s", "--signal"},
            paramLabel = "SIGNAL",
            description = "Signal to send to the container (default SIGKILL)")
    private String signal = "";

    public KillCommand(Session session) {
        super(session);
    }

    @Override
    String act(ContainerServiceBlockingStub daemon, String container) {
        daemon.kill(KillContainerRequest.newBuilder()
                .setContainer(container)
                .setSignal(signal)
                .build());
        return container;
    }
}
