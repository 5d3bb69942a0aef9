package dev.wherry.cli.command.network;

import dev.wherry.cli.command.KeyValues;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.CreateNetworkRequest;
import dev.wherry.v1.NetworkSubnet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry network create}. */
@Command
public final class CreateNetworkCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(names = "--attachable", description = "Enable manual container attachment")
    private boolean attachable;

    @Option(
            names = "--aux-address",
            paramLabel = "NAME=IP",
            description = "Addresses that no container gets, such as that of a router")
    private List<String> auxAddresses = new ArrayList<>();

    @Option(
            names = {"-d", "--driver"},
            paramLabel = "DRIVER",
            description = "Driver to manage the network: bridge, macvlan or ipvlan (default: bridge)")
    private String driver = "";

    @Option(names = "--gateway", paramLabel = "IP", description = "IPv4 or IPv6 gateway for the subnet")
    private List<String> gateways = new ArrayList<>();

    @Option(names = "--internal", description = "Restrict external access to the network")
    private boolean internal;

    @Option(
            names = "--ip-range",
            paramLabel = "RANGE",
            description = "Allocate container addresses from a part of the subnet")
    private List<String> ranges = new ArrayList<>();

    @Option(
            names = "--ipv4",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Enable or disable IPv4 address assignment (default: true)")
    private boolean ipv4 = true;

    @Option(
            names = "--ipv6",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Enable or disable IPv6 address assignment")
    private boolean ipv6;

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Set metadata on a network")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = {"-o", "--opt"},
            paramLabel = "KEY=VALUE",
            description = "Set driver specific options")
    private List<String> options = new ArrayList<>();

    @Option(
            names = "--subnet",
            paramLabel = "RANGE",
            description = "Subnet in CIDR format that represents a network segment")
    private List<String> subnets = new ArrayList<>();

    @Parameters(paramLabel = "NETWORK", index = "0")
    private String name;

    public CreateNetworkCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        CreateNetworkRequest request = CreateNetworkRequest.newBuilder()
                .setName(name)
                .setDriver(driver)
                .addAllSubnets(
                        subnets().stream().map(NetworkSubnet.Builder::build).toList())
                .setInternal(internal)
                .setDisableIpv4(!ipv4)
                .setEnableIpv6(ipv6)
                .setAttachable(attachable)
                .putAllOptions(KeyValues.labels(options))
                .putAllLabels(KeyValues.labels(labels))
                .build();
        session.console()
                .out()
                .println(session.daemon().networks().create(request).getNetworkId());
        return ExitStatus.SUCCESS;
    }

    private List<NetworkSubnet.Builder> subnets() {
        List<NetworkSubnet.Builder> all = new ArrayList<>(subnets.stream()
                .map(range -> NetworkSubnet.newBuilder().setRange(range))
                .toList());
        assign(all, "--ip-range", ranges, NetworkSubnet.Builder::setIpRange);
        assign(all, "--gateway", gateways, NetworkSubnet.Builder::setGateway);
        KeyValues.labels(auxAddresses)
                .forEach((key, address) -> assign(
                        all, "--aux-address", List.of(address), (subnet, one) -> subnet.putAuxAddresses(key, one)));
        return all;
    }

    /** An address belongs to the subnet of its version of IP: a network has at most one of each. */
    private static void assign(
            List<NetworkSubnet.Builder> subnets,
            String flag,
            List<String> addresses,
            BiConsumer<NetworkSubnet.Builder, String> setter) {
        for (String address : addresses) {
            NetworkSubnet.Builder subnet = subnets.stream()
                    .filter(one -> isIpv6(one.getRange()) == isIpv6(address))
                    .findFirst()
                    .orElseThrow(() -> new Failure(flag + " " + address + ": there is no --subnet for it"));
            setter.accept(subnet, address);
        }
    }

    private static boolean isIpv6(String address) {
        return address.indexOf(':') >= 0;
    }
}
