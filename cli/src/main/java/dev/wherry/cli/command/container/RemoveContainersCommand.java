package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.v1.ContainerServiceGrpc.ContainerServiceBlockingStub;
import dev.wherry.v1.RemoveContainerRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry rm}. */
@Command
public final class RemoveContainersCommand extends EachContainerCommand {
    @Option(
            names = {"-f", "--force"},
            description = "Force the removal of a running container (uses SIGKILL)")
    private boolean force;

    @Option(
            names = {"-v", "--volumes"},
            description = "Remove anonymous volumes associated with the container")
    private boolean volumes;

    @Option(names = "--force-pod", description = "Remove it although it belongs to a pod of Kubernetes")
    private boolean forcePod;

    public RemoveContainersCommand(Session session) {
        super(session);
    }

    @Override
    String act(ContainerServiceBlockingStub daemon, String container) {
        daemon.remove(RemoveContainerRequest.newBuilder()
                .setContainer(container)
                .setForce(force)
                .setVolumes(volumes)
                .setForcePod(forcePod)
                .build());
        return container;
    }
}
