package dev.wherry.cli.app;

import static dev.wherry.cli.app.ArgumentKind.CONTAINER;
import static dev.wherry.cli.app.ArgumentKind.NETWORK;

import dev.wherry.cli.command.network.ConnectCommand;
import dev.wherry.cli.command.network.CreateNetworkCommand;
import dev.wherry.cli.command.network.DisconnectCommand;
import dev.wherry.cli.command.network.InspectNetworkCommand;
import dev.wherry.cli.command.network.ListNetworksCommand;
import dev.wherry.cli.command.network.PruneNetworksCommand;
import dev.wherry.cli.command.network.ReloadNetworksCommand;
import dev.wherry.cli.command.network.RemoveNetworksCommand;

/** Descriptors of the commands that work on networks. */
final class NetworkCommands {
    static final CommandDescriptor CREATE = CommandDescriptor.of(
                    CreateNetworkCommand::new,
                    "Create a network",
                    "[OPTIONS] NETWORK",
                    "wherry network create app",
                    "wherry network create --internal back",
                    "wherry network create --subnet 10.8.0.0/24 --ip-range 10.8.0.128/25 --ipv6 lab",
                    "wherry network create -d macvlan -o parent=eth0 --subnet 192.168.1.0/24 --gateway 192.168.1.1 lan")
            .details(
                    "Containers on a network find each other by name. Containers on different networks cannot reach each"
                            + " other. Without --subnet, a range is chosen that the host has no route to.")
            .refuses("config-from config-only ingress ipam-driver ipam-opt scope");

    static final CommandDescriptor LIST = CommandDescriptor.of(
            ListNetworksCommand::new,
            "List networks",
            "[OPTIONS]",
            "wherry network ls",
            "wherry network ls -q -f dangling=true",
            "wherry network ls --format '{{.Name}}: {{.Driver}}'");

    static final CommandDescriptor INSPECT = CommandDescriptor.of(
                    InspectNetworkCommand::new,
                    "Display detailed information on one or more networks",
                    "[OPTIONS] NETWORK [NETWORK...]",
                    "wherry network inspect bridge",
                    "wherry network inspect -f '{{range .IPAM.Config}}{{.Subnet}}{{end}}' app")
            .completes(NETWORK);

    static final CommandDescriptor REMOVE = CommandDescriptor.of(
                    RemoveNetworksCommand::new,
                    "Remove one or more networks",
                    "[OPTIONS] NETWORK [NETWORK...]",
                    "wherry network rm app")
            .details("A network that a running container is on is not removed.")
            .completes(NETWORK);

    static final CommandDescriptor PRUNE = CommandDescriptor.of(
            PruneNetworksCommand::new,
            "Remove all unused networks",
            "[OPTIONS]",
            "wherry network prune",
            "wherry network prune -f --filter until=24h");

    static final CommandDescriptor CONNECT = CommandDescriptor.of(
                    ConnectCommand::new,
                    "Connect a container to a network",
                    "[OPTIONS] NETWORK CONTAINER",
                    "wherry network connect app web",
                    "wherry network connect --alias db --ip 172.18.0.9 app postgres")
            .completes(NETWORK, CONTAINER)
            .refuses("driver-opt link link-local-ip");

    static final CommandDescriptor DISCONNECT = CommandDescriptor.of(
                    DisconnectCommand::new,
                    "Disconnect a container from a network",
                    "[OPTIONS] NETWORK CONTAINER",
                    "wherry network disconnect app web")
            .completes(NETWORK, CONTAINER);

    static final CommandDescriptor RELOAD = CommandDescriptor.of(
                    ReloadNetworksCommand::new,
                    "Restore the firewall rules and names of all networks",
                    "",
                    "wherry network reload")
            .details(
                    "The daemon notices by itself when a reload of the host's firewall has removed the rules of networks, unless"
                            + " that used the old iptables (iptables-legacy). Connections through published ports"
                            + " continue.");

    private NetworkCommands() {}
}
