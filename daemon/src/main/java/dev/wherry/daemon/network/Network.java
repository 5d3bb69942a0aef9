package dev.wherry.daemon.network;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network. It is created and removed by users, except the predefined ones, and never changes in between. Its link on
 * the host is made when the first endpoint needs it, and goes with the network.
 *
 * @param id 64 hexadecimal digits
 * @param subnets at most one of each version of IP
 * @param internal true if there is no way out of the network
 * @param interfaceName of the bridge on the host; of the other drivers the interface of the host that they use
 * @param options docker's driver options, such as {@code com.docker.network.bridge.name}
 */
public record Network(
        String id,
        String name,
        NetworkDriver driver,
        Instant createdAt,
        List<Subnet> subnets,
        boolean internal,
        boolean ipv6,
        boolean attachable,
        String interfaceName,
        Map<String, String> options,
        Map<String, String> labels) {

    public static final String BRIDGE = "bridge";
    public static final String HOST = "host";
    public static final String NONE = "none";

    private static final String INTERFACE = "eth";

    public Network {
        subnets = List.copyOf(subnets);
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }

    /** True for bridge, host and none, which always exist. */
    public boolean isPredefined() {
        return isPredefined(name);
    }

    static boolean isPredefined(String name) {
        return name.equals(BRIDGE) || name.equals(HOST) || name.equals(NONE);
    }

    /** True if endpoints find each other by name; on the predefined bridge they do not, as with docker. */
    public boolean resolvesNames() {
        return driver == NetworkDriver.BRIDGE && !isPredefined();
    }

    /** True if endpoints reach each other. */
    public boolean connectsEndpoints() {
        return flag(NetworkOptions.CONNECTIVITY, true);
    }

    /** True if it is said to have addresses of version 4, as docker says of those on which the host decides. */
    public boolean hasIpv4() {
        return !driver.hasAddresses() || subnet(false).isPresent();
    }

    /** True if endpoints get addresses of version 6. */
    public boolean hasIpv6() {
        return subnet(true).isPresent();
    }

    public Optional<Subnet> subnet(boolean ipv6) {
        return subnets.stream().filter(subnet -> subnet.isIpv6() == ipv6).findFirst();
    }

    /** The largest packet; 0 for what the host's interfaces have. */
    public int mtu() {
        return Integer.parseInt(options.getOrDefault(NetworkOptions.MTU, "0"));
    }

    /** What the names of interfaces in namespaces begin with. */
    public String interfacePrefix() {
        return options.getOrDefault(NetworkOptions.INTERFACE_PREFIX, INTERFACE);
    }

    /** The value of a driver option that is true or false. */
    public boolean flag(String option, boolean otherwise) {
        return NetworkOptions.flag(options.getOrDefault(option, "")).orElse(otherwise);
    }

    public String shortId() {
        return id.substring(0, 12);
    }
}
