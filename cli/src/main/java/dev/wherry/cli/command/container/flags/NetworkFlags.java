package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.ExtraHost;
import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.CreateContainerRequest;
import dev.wherry.v1.NameResolution;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The network of a container, its host name and its name resolution. */
final class NetworkFlags {
    @Option(
            names = {"--network", "--net"},
            paramLabel = "host|none|container:NAME",
            description = "Connect the container to a network")
    String network = "";

    @Option(
            names = {"-h", "--hostname"},
            paramLabel = "NAME",
            description = "Container host name")
    String hostname = "";

    @Option(names = "--domainname", paramLabel = "NAME", description = "Container NIS domain name")
    String domain = "";

    @Option(names = "--add-host", paramLabel = "NAME:ADDRESS", description = "Add a custom host-to-IP mapping")
    List<String> hosts = new ArrayList<>();

    @Option(names = "--dns", paramLabel = "ADDRESS", description = "Set a custom DNS server")
    List<String> servers = new ArrayList<>();

    @Option(names = "--dns-search", paramLabel = "DOMAIN", description = "Set a custom DNS search domain; . for none")
    List<String> search = new ArrayList<>();

    @Option(
            names = {"--dns-option", "--dns-opt"},
            paramLabel = "OPTION",
            description = "Set a DNS option")
    List<String> options = new ArrayList<>();

    @Option(
            names = "--expose",
            paramLabel = "PORT[-PORT][/PROTOCOL]",
            description = "Expose a port or a range of ports")
    List<String> ports = new ArrayList<>();

    /** @throws Failure when a value cannot be */
    void into(CreateContainerRequest.Builder request) {
        NameResolution.Builder names =
                NameResolution.newBuilder().setDomainName(domain).addAllOptions(options);
        hosts.forEach(host -> names.addHosts(ExtraHost.parse(host, false)));
        servers.stream().map(NetworkFlags::server).forEach(names::addServers);
        search.stream().map(NetworkFlags::domain).forEach(names::addSearch);
        request.setNetwork(network()).setHostname(hostname).setNames(names).addAllExpose(ExposeSpec.parse(ports));
    }

    private String network() {
        if (network.matches("|default|host|none") || IsolationFlags.isContainer(network)) {
            return network.equals("default") ? "" : network;
        }
        throw new Failure(
                "--network " + network + " is not supported yet: use host, none or container:NAME",
                ExitStatus.NOT_STARTED);
    }

    private static String server(String given) {
        if (!ExtraHost.isAddress(given)) {
            throw FlagValue.invalid("--dns", given, "IP address is not correctly formatted: " + given);
        }
        return given;
    }

    private static String domain(String given) {
        boolean valid = given.equals(".") || given.matches("[a-zA-Z0-9_]([a-zA-Z0-9_.-]{0,253}[a-zA-Z0-9_.])?");
        if (!valid || given.contains("..")) {
            throw FlagValue.invalid("--dns-search", given, given + " is not a valid domain");
        }
        return given;
    }
}
