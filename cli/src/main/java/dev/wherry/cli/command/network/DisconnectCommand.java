package dev.wherry.cli.command.network;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.DisconnectNetworkRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry network disconnect}. */
@Command
public final class DisconnectCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--force"},
            description = "Force the container to disconnect from a network")
    private boolean force;

    @Parameters(paramLabel = "NETWORK", index = "0")
    private String network;

    @Parameters(paramLabel = "CONTAINER", index = "1")
    private String container;

    public DisconnectCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        session.daemon()
                .networks()
                .disconnect(DisconnectNetworkRequest.newBuilder()
                        .setNetwork(network)
                        .setContainer(container)
                        .setForce(force)
                        .build());
        return ExitStatus.SUCCESS;
    }
}
