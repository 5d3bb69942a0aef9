package dev.wherry.daemon.container.config;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.network.EndpointLink;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkOptions;
import dev.wherry.daemon.runtime.spec.IpAddresses;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks that the networks and ports of a container go together, in docker's words. */
public final class NetworkChecks {

    /** The network of a container that asks for none. */
    public static final String DEFAULT = Network.BRIDGE;

    /** Driver option of an attachment: the name of its interface in the container. */
    public static final String INTERFACE = "com.docker.network.endpoint.ifname";

    private static final String SYSCTLS = "com.docker.network.endpoint.sysctls";
    private static final int HIGHEST = 65_535;
    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");
    private static final Pattern MAC = Pattern.compile("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}");
    private static final String UNDEFINED = " This would result in undefined behavior";

    private NetworkChecks() {}

    /** @throws InvalidInputException which names what does not go together */
    static void check(ContainerConfig config) {
        Networking networking = config.networking();
        networking.ports().forEach(NetworkChecks::check);
        networks(networking.attachments());
        networking.attachments().forEach(NetworkChecks::attachment);
        switch (NetworkMode.ofContainer(config.network())) {
            case BRIDGE -> {}
            case HOST -> {
                require(networking.attachments().isEmpty() || isAlone(networking), sharing());
                require(
                        networking.links().isEmpty(),
                        "conflicting options: host type networking can't be used with links." + UNDEFINED);
            }
            case NONE -> require(networking.attachments().isEmpty() || isAlone(networking), sharing());
            case CONTAINER -> joined(config);
        }
    }

    /**
     * Checks one attachment.
     *
     * @throws InvalidInputException which names what is wrong
     */
    public static void attachment(NetworkAttachment attachment) {
        addresses(attachment);
        options(attachment.driverOptions());
        attachment.links().forEach(EndpointLink::parse);
        if (!isUserDefined(attachment.network())) {
            require(
                    attachment.aliases().isEmpty(),
                    "network-scoped aliases are only supported for user-defined networks");
            require(
                    attachment.ipv4().isEmpty() && attachment.ipv6().isEmpty(),
                    "user specified IP address is supported on user defined networks only");
        }
    }

    /** Warnings about a valid configuration. */
    static List<String> warnings(ContainerConfig config) {
        Networking networking = config.networking();
        boolean publishes = !networking.ports().isEmpty() || networking.publishAll();
        List<String> warnings = new ArrayList<>();
        if (publishes && NetworkMode.ofContainer(config.network()) == NetworkMode.HOST) {
            warnings.add("Published ports are discarded when using host network mode");
        }
        return warnings;
    }

    private static void joined(ContainerConfig config) {
        Networking networking = config.networking();
        require(
                networking.links().isEmpty(),
                "conflicting options: container type network can't be used with links." + UNDEFINED);
        require(
                networking.ports().isEmpty() && !networking.publishAll(),
                "conflicting options: port publishing and the container type network mode");
        require(config.expose().isEmpty(), "conflicting options: port exposing and the container type network mode");
        require(
                networking.attachments().stream()
                        .allMatch(attachment -> attachment.mac().isEmpty()),
                "conflicting options: mac-address and the network mode");
        require(networking.attachments().isEmpty() || isAlone(networking), sharing());
    }

    private static String sharing() {
        return "conflicting options: cannot attach both user-defined and non-user-defined network-modes";
    }

    private static boolean isAlone(Networking networking) {
        return networking.attachments().size() == 1;
    }

    private static void networks(List<NetworkAttachment> attachments) {
        Set<String> names = new HashSet<>();
        for (NetworkAttachment attachment : attachments) {
            require(
                    names.add(attachment.network()),
                    "network \"" + attachment.network() + "\" is specified multiple times");
        }
        long userDefined = names.stream().filter(NetworkChecks::isUserDefined).count();
        require(userDefined == 0 || userDefined == names.size(), sharing());
    }

    private static boolean isUserDefined(String network) {
        return NetworkMode.ofContainer(network) == NetworkMode.BRIDGE && !network.equals(DEFAULT);
    }

    private static void addresses(NetworkAttachment attachment) {
        String four = attachment.ipv4();
        String six = attachment.ipv6();
        require(four.isEmpty() || IpAddresses.isAddress(four) && !four.contains(":"), "invalid IPv4 address: " + four);
        require(six.isEmpty() || IpAddresses.isAddress(six) && six.contains(":"), "invalid IPv6 address: " + six);
        require(
                attachment.mac().isEmpty() || MAC.matcher(attachment.mac()).matches(),
                attachment.mac() + " is not a valid mac address");
    }

    /** Options that are not known mean nothing to a driver of docker's either. */
    private static void options(Map<String, String> options) {
        String name = options.get(INTERFACE);
        require(
                name == null || NetworkOptions.isInterface(name) && !name.equals("lo"),
                "invalid value for driver option " + INTERFACE + ": \"" + name + "\" is no name of an interface");
        require(
                !options.containsKey(SYSCTLS),
                "driver option " + SYSCTLS + " is not supported: use --sysctl with net.ipv4.conf.default or"
                        + " net.ipv6.conf.default");
    }

    private static void check(PortBinding binding) {
        require(
                binding.containerPort() > 0 && binding.containerPort() <= HIGHEST,
                "invalid containerPort: " + binding.containerPort());
        require(PROTOCOLS.contains(binding.protocol()), "invalid proto: " + binding.protocol());
        require(
                binding.hostIp().isEmpty() || IpAddresses.isAddress(binding.hostIp()),
                "invalid IP address: " + binding.hostIp());
        boolean range = binding.hostPortEnd() == 0 || binding.hostPortEnd() >= binding.hostPort();
        require(
                binding.hostPort() >= 0
                        && binding.hostPort() <= HIGHEST
                        && binding.hostPortEnd() >= 0
                        && binding.hostPortEnd() <= HIGHEST
                        && range,
                "invalid hostPort: " + binding.hostPort()
                        + (binding.hostPortEnd() == 0 ? "" : "-" + binding.hostPortEnd()));
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new InvalidInputException(message);
        }
    }
}
