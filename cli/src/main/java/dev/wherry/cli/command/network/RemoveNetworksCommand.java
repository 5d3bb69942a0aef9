package dev.wherry.cli.command.network;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.RemoveNetworkRequest;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry network rm}. */
@Command
public final class RemoveNetworksCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--force"},
            description = "Do not error if the network does not exist")
    private boolean force;

    @Parameters(paramLabel = "NETWORK", arity = "1..*")
    private List<String> networks;

    public RemoveNetworksCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return EachArgument.of(session, networks, this::remove);
    }

    private List<String> remove(String network) {
        try {
            session.daemon()
                    .networks()
                    .remove(RemoveNetworkRequest.newBuilder()
                            .setNetwork(network)
                            .build());
            return List.of(network);
        } catch (StatusRuntimeException e) {
            if (force && CallFailures.isNotFound(e)) {
                return List.of();
            }
            throw e;
        }
    }
}
