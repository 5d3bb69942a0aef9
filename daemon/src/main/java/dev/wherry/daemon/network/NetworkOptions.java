package dev.wherry.daemon.network;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.Bridges;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Docker's options of the drivers of networks that have a meaning here. Others are kept and mean nothing. */
public final class NetworkOptions {

    public static final String MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade";
    public static final String BINDING = "com.docker.network.bridge.host_binding_ipv4";
    public static final String GATEWAY_MODE = "com.docker.network.bridge.gateway_mode_ipv4";
    public static final String GATEWAY_MODE_6 = "com.docker.network.bridge.gateway_mode_ipv6";
    public static final String MACVLAN_MODE = "macvlan_mode";
    public static final String IPVLAN_MODE = "ipvlan_mode";

    static final String BRIDGE_NAME = "com.docker.network.bridge.name";
    static final String PARENT = "parent";
    static final String CONNECTIVITY = "com.docker.network.bridge.enable_icc";
    static final String MTU = "com.docker.network.driver.mtu";
    static final String INTERFACE_PREFIX = "com.docker.network.container_iface_prefix";

    private static final Set<String> OF_ITS_BRIDGE = Set.of(MASQUERADE, CONNECTIVITY, MTU, INTERFACE_PREFIX);

    private static final String NO_ADDRESS = "com.docker.network.bridge.inhibit_ipv4";

    /** A name of the kernel's for an interface. */
    private static final Pattern INTERFACE = Pattern.compile("(?!\\.{1,2}$)[^/\\s:]{1,15}");

    private static final Pattern PREFIX = Pattern.compile("[^/\\s:]{1,12}");
    private static final Pattern BYTES = Pattern.compile("[0-9]{1,5}");

    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

    private NetworkOptions() {}

    /** True for a name that an interface can have. */
    public static boolean isInterface(String name) {
        return INTERFACE.matcher(name).matches();
    }

    /** What a value says that is true or false; empty if it says neither. */
    static Optional<Boolean> flag(String value) {
        return TRUE.contains(value) ? Optional.of(true) : FALSE.contains(value) ? Optional.of(false) : Optional.empty();
    }

    /** Who does not own the host may have a bridge of its own, with options that concern that bridge alone. */
    static void checkAccess(NetworkCreation creation) {
        Caller caller = Caller.current();
        if (creation.driver() != NetworkDriver.BRIDGE) {
            caller.requireHost("a network of the driver " + creation.driver());
        }
        creation.options().keySet().stream()
                .filter(option -> !OF_ITS_BRIDGE.contains(option))
                .forEach(option -> caller.requireHost("the network option " + option));
    }

    /**
     * Checks the options of a new network, also against the interfaces of the host.
     *
     * @throws InvalidInputException which names the option
     */
    static void check(NetworkCreation creation) {
        Map<String, String> options = creation.options();
        require(options, MTU, BYTES.asMatchPredicate(), "is no number of bytes");
        require(options, INTERFACE_PREFIX, PREFIX.asMatchPredicate(), "cannot begin the names of interfaces");
        for (String link : List.of(BRIDGE_NAME, PARENT)) {
            require(
                    options,
                    link,
                    NetworkOptions::isInterface,
                    "is no name of an interface: use at most 15 characters, without \"/\", \":\" and spaces");
        }
        if (creation.driver() == NetworkDriver.BRIDGE) {
            bridge(options);
        } else {
            require(options, PARENT, Bridges::isInterface, "is no interface of this host");
            require(options, MACVLAN_MODE, Set.of("bridge", "private", "vepa", "passthru")::contains, "is no mode");
            require(options, IPVLAN_MODE, Set.of("l2", "l3", "l3s")::contains, "is no mode");
        }
    }

    private static void bridge(Map<String, String> options) {
        require(
                options,
                BRIDGE_NAME,
                name -> Bridges.exists(name) || !Bridges.isInterface(name),
                "is an interface of this host that is no bridge");
        for (String flag : List.of(CONNECTIVITY, MASQUERADE, NO_ADDRESS)) {
            require(options, flag, value -> flag(value).isPresent(), "is neither true nor false");
        }
        require(
                options,
                NO_ADDRESS,
                value -> !flag(value).orElse(false),
                "is not supported: the host has an address on each bridge");
        for (String mode : List.of(GATEWAY_MODE, GATEWAY_MODE_6)) {
            require(
                    options,
                    mode,
                    Set.of("", "nat", "nat-unprotected", "routed")::contains,
                    "is not supported: use nat, nat-unprotected or routed");
        }
        require(options, BINDING, NetworkOptions::isIpv4, "is no IPv4 address");
    }

    private static boolean isIpv4(String address) {
        try {
            return !Cidr.isIpv6(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static void require(Map<String, String> options, String name, Predicate<String> test, String failure) {
        String value = options.get(name);
        if (value != null && !test.test(value)) {
            throw new InvalidInputException("option " + name + ": \"" + value + "\" " + failure);
        }
    }
}
