package dev.wherry.cli.command.container.flags;

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
        hosts.stream().map(NetworkFlags::host).forEach(names::addHosts);
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

    /** {@code name=address} is the same; an IPv6 address may stand in brackets. */
    private static String host(String given) {
        int separator = given.indexOf('=') > 0 ? given.indexOf('=') : given.indexOf(':');
        if (separator <= 0) {
            throw FlagValue.invalid("--add-host", given, "bad format for add-host: \"" + given + "\"");
        }
        String address = given.substring(separator + 1);
        if (address.startsWith("[") && address.endsWith("]")) {
            address = address.substring(1, address.length() - 1);
        }
        if (address.equals("host-gateway")) {
            throw FlagValue.invalid("--add-host", given, "host-gateway is not supported yet");
        }
        if (!isAddress(address)) {
            throw FlagValue.invalid("--add-host", given, "invalid IP address in add-host: \"" + address + "\"");
        }
        return given.substring(0, separator) + ":" + address;
    }

    private static String server(String given) {
        if (!isAddress(given)) {
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

    private static boolean isAddress(String text) {
        return text.contains(":")
                ? text.matches("[0-9a-fA-F:.]{2,45}(%[0-9a-zA-Z_.-]{1,15})?")
                : text.matches("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");
    }
}
