package dev.wherry.cli.command.network;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.ConnectNetworkRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry network connect}. */
@Command
public final class ConnectCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(names = "--alias", paramLabel = "NAME", description = "Add network-scoped alias for the container")
    private List<String> aliases = new ArrayList<>();

    @Option(
            names = "--gw-priority",
            paramLabel = "NUMBER",
            description = "Highest gw-priority provides the default gateway")
    private int gatewayPriority;

    @Option(names = "--ip", paramLabel = "IP", description = "IPv4 address (e.g., 172.30.100.104)")
    private String ipv4 = "";

    @Option(names = "--ip6", paramLabel = "IP", description = "IPv6 address (e.g., 2001:db8::33)")
    private String ipv6 = "";

    @Parameters(paramLabel = "NETWORK", index = "0")
    private String network;

    @Parameters(paramLabel = "CONTAINER", index = "1")
    private String container;

    public ConnectCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        session.daemon()
                .networks()
                .connect(ConnectNetworkRequest.newBuilder()
                        .setNetwork(network)
                        .setContainer(container)
                        .addAllAliases(aliases)
                        .setIpv4(ipv4)
                        .setIpv6(ipv6)
                        .setGatewayPriority(gatewayPriority)
                        .build());
        return ExitStatus.SUCCESS;
    }
}
