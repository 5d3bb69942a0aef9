package dev.wherry.daemon.network.firewall;

import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkDriver;
import dev.wherry.daemon.network.NetworkOptions;
import dev.wherry.daemon.network.PortMapping;
import dev.wherry.daemon.network.Subnet;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the table of the firewall must say: its rules never change, and what they look up follows from the networks and
 * published ports. Sets and maps keep the cost of a packet the same, whatever their number.
 *
 * @param networks those with a bridge on the host
 */
public record Rules(List<Network> networks, List<Published> ports) {

    private static final int LAST_ZONE = 0xffff;

    /** Modes in which others may use the addresses of endpoints themselves, by way of the host. */
    private static final List<String> OPEN = List.of("routed", "nat-unprotected");

    private static final String TABLE = """
            add table inet %1$s
            delete table inet %1$s
            table inet %1$s {
                set bridges { type ifname; }
                set internal { type ifname; }
                set same { type ifname . ifname; }
                set open { type ifname; }
                set nat4 { type ipv4_addr; flags interval; }
                set nat6 { type ipv6_addr; flags interval; }
                map at4 { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
                map at6 { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
                map any4 { type inet_proto . inet_service : ipv4_addr . inet_service; }
                map any6 { type inet_proto . inet_service : ipv6_addr . inet_service; }
                map targets { typeof udp dport : ct zone; }
                chain ports {
                    meta l4proto { tcp, udp, sctp } dnat ip to ip daddr . meta l4proto . th dport map @at4
                    meta l4proto { tcp, udp, sctp } dnat ip6 to ip6 daddr . meta l4proto . th dport map @at6
                    meta l4proto { tcp, udp, sctp } dnat ip to meta l4proto . th dport map @any4
                    meta l4proto { tcp, udp, sctp } ip6 daddr != ::1 dnat ip6 to meta l4proto . th dport map @any6
                }
                chain untracked {
                    fib daddr type local ct original zone set udp dport map @targets
                }
                chain arriving {
                    type filter hook prerouting priority -300;
                    iifname @bridges ip daddr 127.0.0.0/8 drop
                    meta l4proto udp jump untracked
                }
                chain leaving {
                    type filter hook output priority -300;
                    meta l4proto udp jump untracked
                }
                chain prerouting {
                    type nat hook prerouting priority -100;
                    fib daddr type local jump ports
                }
                chain output {
                    type nat hook output priority -100;
                    fib daddr type local jump ports
                }
                chain postrouting {
                    type nat hook postrouting priority 100;
                    oifname @bridges ip saddr 127.0.0.0/8 masquerade
                    oifname @bridges ct status dnat ip saddr @nat4 masquerade
                    oifname @bridges ct status dnat ip6 saddr @nat6 masquerade
                    oifname != @bridges ip saddr @nat4 masquerade
                    oifname != @bridges ip6 saddr @nat6 masquerade
                }
                chain forward {
                    type filter hook forward priority -10;
                    iifname . oifname @same accept
                    iifname @bridges oifname @bridges drop
                    iifname @internal drop
                    oifname @internal drop
                    oifname != @bridges accept
                    ct state established,related accept
                    ct status dnat accept
                    oifname @open accept
                    drop
                }
            }
            """;

    public Rules {
        networks = List.copyOf(networks);
        ports = List.copyOf(ports);
    }

    /** A published port, and the endpoint that it leads to. */
    public record Published(Network network, Endpoint endpoint, PortMapping port) {

        /** The address of the host; empty for all. */
        public Optional<InetAddress> host() {
            return port.hostIp()
                    .or(() -> Optional.ofNullable(network.options().get(NetworkOptions.BINDING))
                            .map(InetAddress::ofLiteral));
        }
    }

    /** The commands that make a table anew that looks this up. */
    static String all(String table, Map<String, Set<String>> elements) {
        return TABLE.formatted(table) + update(table, Map.of(), elements);
    }

    /** The commands for what a table that looks one thing up lacks to look up another; empty if nothing. */
    static String update(String table, Map<String, Set<String>> before, Map<String, Set<String>> after) {
        StringBuilder commands = new StringBuilder();
        // A map has one value for a key, so that the old one goes first.
        before.forEach((set, old) -> change(commands, "delete", table, set, old, after.getOrDefault(set, Set.of())));
        after.forEach((set, all) -> change(commands, "add", table, set, all, before.getOrDefault(set, Set.of())));
        return commands.toString();
    }

    private static void change(
            StringBuilder commands, String verb, String table, String set, Set<String> elements, Set<String> others) {
        String changed =
                elements.stream().filter(element -> !others.contains(element)).collect(Collectors.joining(", "));
        if (!changed.isEmpty()) {
            commands.append(String.join(" ", verb, "element inet", table, set, "{", changed, "}\n"));
        }
    }

    /** The commands that remove the table. */
    static String none(String table) {
        // Added first, since a table that is not there cannot be deleted.
        return "add table inet " + table + "\ndelete table inet " + table + "\n";
    }

    /** Whether a table has all chains and all their rules, whatever it looks up. */
    static boolean areWhole(String listing) {
        return rules(listing) >= rules(TABLE)
                && TABLE.lines().map(String::strip).filter(Rules::isChain).allMatch(listing::contains);
    }

    private static long rules(String listing) {
        List<String> lines = listing.lines().map(String::strip).toList();
        long rules = 0;
        boolean inChain = false;
        for (String line : lines) {
            if (isChain(line) || line.equals("}")) {
                inChain = isChain(line);
            } else if (inChain && !line.isEmpty() && !line.startsWith("type ")) {
                rules++;
            }
        }
        return rules;
    }

    private static boolean isChain(String line) {
        return line.startsWith("chain ");
    }

    /** What the table looks up: the elements of its sets and maps, by their names. */
    Map<String, Set<String>> elements() {
        Map<String, Set<String>> elements = new TreeMap<>();
        networks.forEach(network -> add(elements, network));
        ports.forEach(published -> add(elements, published));
        targets().forEach((port, target) -> put(elements, "targets", port + " : " + zone(target)));
        return elements;
    }

    private static void add(Map<String, Set<String>> elements, Network network) {
        if (network.driver() != NetworkDriver.BRIDGE) {
            return;
        }
        String bridge = '"' + network.interfaceName() + '"';
        put(elements, "bridges", bridge);
        if (network.connectsEndpoints()) {
            put(elements, "same", bridge + " . " + bridge);
        }
        if (network.internal()) {
            put(elements, "internal", bridge);
            return;
        }
        for (Subnet subnet : network.subnets()) {
            String mode = network.options()
                    .getOrDefault(subnet.isIpv6() ? NetworkOptions.GATEWAY_MODE_6 : NetworkOptions.GATEWAY_MODE, "nat");
            if (OPEN.contains(mode)) {
                put(elements, "open", bridge);
            }
            if (!mode.equals("routed") && network.flag(NetworkOptions.MASQUERADE, true)) {
                put(elements, subnet.isIpv6() ? "nat6" : "nat4", subnet.range().toString());
            }
        }
    }

    private static void add(Map<String, Set<String>> elements, Published published) {
        PortMapping port = published.port();
        Optional<InetAddress> host = published.host();
        for (InetAddress target : published.endpoint().addresses()) {
            boolean ipv6 = Cidr.isIpv6(target);
            if (host.filter(address -> Cidr.isIpv6(address) != ipv6 || ipv6 && address.isLoopbackAddress())
                    .isPresent()) {
                continue;
            }
            boolean any = host.filter(address -> !address.isAnyLocalAddress()).isEmpty();
            for (int i = 0; i < port.range(); i++) {
                put(
                        elements,
                        (any ? "any" : "at") + (ipv6 ? 6 : 4),
                        (any ? "" : Cidr.text(host.get()) + " . ") + port.protocol() + " . " + (port.hostPort() + i)
                                + " : " + Cidr.text(target) + " . " + (port.containerPort() + i));
            }
        }
    }

    /** What each published UDP port leads to. */
    private Map<Integer, String> targets() {
        Map<Integer, String> targets = new TreeMap<>();
        for (Published published : ports) {
            PortMapping port = published.port();
            for (int i = 0; i < port.range() && port.protocol().equals("udp"); i++) {
                String target =
                        published.host() + " " + published.endpoint().addresses() + " " + (port.containerPort() + i);
                targets.merge(port.hostPort() + i, target, (one, other) -> one + ", " + other);
            }
        }
        return targets;
    }

    /**
     * A zone of the kernel's connection tracking, of which 0 is the usual one. Packets from one UDP port of a client to a
     * port of the host are one connection to the kernel, and the first of them decides for all where they go. In a zone
     * that follows from what the port leads to, a connection from before the port was published, or from when it led to
     * another container, is not found.
     */
    private static int zone(String target) {
        return 1 + Math.floorMod(target.hashCode(), LAST_ZONE);
    }

    private static void put(Map<String, Set<String>> elements, String set, String element) {
        elements.computeIfAbsent(set, name -> new TreeSet<>()).add(element);
    }
}
