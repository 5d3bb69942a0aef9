package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.ExtraHost;
import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.CreateContainerRequest;
import dev.wherry.v1.NameResolution;
import dev.wherry.v1.NetworkAttachment;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The networks of a container, its ports, its host name and its name resolution. */
final class NetworkFlags {
    @Option(
            names = {"--network", "--net"},
            paramLabel = "NETWORK",
            description = "Connect the container to a network: a name, host, none, container:NAME, or name=NAME with"
                    + " alias=, ip=, ip6=, mac-address=, driver-opt=, gw-priority=")
    List<String> networks = new ArrayList<>();

    @Option(
            names = {"--network-alias", "--net-alias"},
            paramLabel = "NAME",
            description = "Add a network-scoped alias for the container")
    List<String> aliases = new ArrayList<>();

    @Option(names = "--ip", paramLabel = "ADDRESS", description = "IPv4 address, such as 172.30.100.104")
    String ipv4 = "";

    @Option(names = "--ip6", paramLabel = "ADDRESS", description = "IPv6 address, such as 2001:db8::33")
    String ipv6 = "";

    @Option(
            names = "--mac-address",
            paramLabel = "ADDRESS",
            description = "Container MAC address, such as 92:d0:c6:0a:29:33")
    String mac = "";

    @Option(
            names = "--link",
            paramLabel = "CONTAINER[:ALIAS]",
            description = "Add the address of another container to /etc/hosts")
    List<String> links = new ArrayList<>();

    @Option(
            names = {"-p", "--publish"},
            paramLabel = "[[IP:]HOST_PORT:]CONTAINER_PORT[/PROTOCOL]",
            description = "Publish a container's port, or a range of ports, to the host")
    List<String> published = new ArrayList<>();

    @Option(
            names = {"-P", "--publish-all"},
            description = "Publish all exposed ports to free ports of the host")
    boolean publishAll;

    @Option(
            names = {"-h", "--hostname"},
            paramLabel = "NAME",
            description = "Container host name")
    String hostname = "";

    @Option(names = "--domainname", paramLabel = "NAME", description = "Container NIS domain name")
    String domain = "";

    @Option(
            names = "--add-host",
            paramLabel = "NAME:ADDRESS",
            description = "Add a custom host-to-IP mapping; host-gateway is the address of the host")
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
        hosts.forEach(host -> names.addHosts(ExtraHost.parse(host)));
        servers.stream().map(NetworkFlags::server).forEach(names::addServers);
        search.stream().map(NetworkFlags::domain).forEach(names::addSearch);
        request.setHostname(hostname).setNames(names).addAllExpose(ExposeSpec.parse(ports));
        published.forEach(port -> request.addAllPorts(PublishSpec.parse(port)));
        request.setPublishAllPorts(publishAll).addAllLinks(links);
        attach(request);
    }

    /** The flags about addresses and aliases mean the first network. */
    private void attach(CreateContainerRequest.Builder request) {
        List<NetworkAttachment.Builder> attachments = new ArrayList<>();
        (networks.isEmpty() ? List.of("") : networks)
                .forEach(network -> attachments.add(AttachmentSpec.parse(network.equals("default") ? "" : network)));
        NetworkAttachment.Builder first = attachments.getFirst();
        conflict(first.getAliasesCount() > 0 && !aliases.isEmpty(), "--network-alias and per-network alias");
        first.addAllAliases(aliases)
                .setIpv4Address(one(first.getIpv4Address(), ipv4, "--ip and per-network IPv4 address"))
                .setIpv6Address(one(first.getIpv6Address(), ipv6, "--ip6 and per-network IPv6 address"))
                .setMacAddress(one(first.getMacAddress(), mac, "--mac-address and per-network MAC address"));
        request.setNetwork(first.getNetwork());
        attachments.forEach(request::addAttachments);
    }

    private static String one(String ofNetwork, String ofContainer, String flags) {
        conflict(!ofNetwork.isEmpty() && !ofContainer.isEmpty(), flags);
        return ofContainer.isEmpty() ? ofNetwork : ofContainer;
    }

    private static void conflict(boolean both, String flags) {
        if (both) {
            throw new Failure("conflicting options: cannot specify both " + flags, ExitStatus.NOT_STARTED);
        }
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
