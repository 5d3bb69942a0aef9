package dev.wherry.daemon.network;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.network.NetworkCreation.SubnetRequest;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Completes and checks what a network shall be. */
final class NetworkPlan {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9_. -]{0,126}[a-zA-Z0-9_.-])?");

    private NetworkPlan() {}

    /** @throws InvalidInputException when a network cannot be as it is asked for */
    static void check(NetworkCreation creation) {
        if (!NAME.matcher(creation.name()).matches()) {
            throw new InvalidInputException("network name \"" + creation.name()
                            + "\" is not allowed: use letters, digits, \"_\", \".\" and \"-\", beginning with a letter"
                            + " or digit, and blanks between")
                    .in("name");
        }
        if (!creation.ipv4() && !creation.ipv6()) {
            throw new InvalidInputException("network " + creation.name() + ": IPv4 or IPv6 must be enabled");
        }
        RequestField.check("options", () -> NetworkOptions.check(creation));
    }

    /**
     * The subnets of a network.
     *
     * @param others ranges of other networks, which must not overlap
     * @param routes ranges that the host has routes to, which are not chosen
     * @param pools where ranges come from that nobody names
     * @param first where the search for a free range begins
     */
    static List<Subnet> subnets(
            NetworkCreation creation, Collection<Cidr> others, Collection<Cidr> routes, AddressPools pools, int first) {
        Collection<Cidr> used = new ArrayList<>(others);
        used.addAll(routes);
        List<Subnet> subnets = new ArrayList<>();
        for (boolean ipv6 : List.of(false, true)) {
            List<SubnetRequest> wanted = creation.subnets().stream()
                    .filter(request -> isIpv6(request) == ipv6)
                    .toList();
            if (wanted.size() > 1) {
                throw new InvalidInputException(
                        "network " + creation.name() + ": a network has at most one subnet of each version of IP");
            }
            if (!wanted.isEmpty() || (ipv6 ? creation.ipv6() : creation.ipv4())) {
                subnets.add(subnet(
                        creation,
                        wanted.isEmpty() ? Optional.empty() : Optional.of(wanted.getFirst()),
                        others,
                        () -> ipv6 ? pools.freeIpv6(used) : pools.freeIpv4(first, used)));
            }
        }
        return subnets;
    }

    private static boolean isIpv6(SubnetRequest request) {
        return request.range()
                .map(Cidr::isIpv6)
                .or(() -> request.gateway().map(Cidr::isIpv6))
                .orElse(false);
    }

    private static Subnet subnet(
            NetworkCreation creation, Optional<SubnetRequest> request, Collection<Cidr> others, Supplier<Cidr> free) {
        Cidr range = request.flatMap(SubnetRequest::range).orElseGet(free);
        if (others.stream().anyMatch(range::overlaps)) {
            throw new InvalidInputException(
                    "invalid pool request: Pool overlaps with other one on this address space: " + range);
        }
        if (range.size().compareTo(BigInteger.valueOf(4)) < 0) {
            throw new InvalidInputException("subnet " + range + " is too small: it has no room for endpoints");
        }
        Optional<Cidr> part = request.flatMap(SubnetRequest::ipRange);
        part.filter(inner -> !range.contains(inner)).ifPresent(outside -> {
            throw new InvalidInputException("range " + outside + " is not in the subnet " + range);
        });
        Map<String, InetAddress> aux =
                new HashMap<>(request.map(SubnetRequest::auxAddresses).orElse(Map.of()));
        Optional<InetAddress> gateway = request.flatMap(SubnetRequest::gateway).or(() -> {
            boolean needed = creation.driver() == NetworkDriver.BRIDGE || !creation.internal();
            return needed ? Optional.of(range.address(1)) : Optional.empty();
        });
        List<InetAddress> inside = new ArrayList<>(aux.values());
        gateway.ifPresent(inside::add);
        for (InetAddress address : inside) {
            if (!range.contains(address)) {
                throw new InvalidInputException("address " + Cidr.text(address) + " is not in the subnet " + range);
            }
        }
        gateway.filter(aux::containsValue).ifPresent(taken -> {
            throw new InvalidInputException(
                    "address " + Cidr.text(taken) + " is the gateway: give the auxiliary address another");
        });
        return new Subnet(range, part, gateway, aux);
    }

    /** @param fallback of a bridge whose user named none */
    static String interfaceName(NetworkCreation creation, String fallback) {
        return switch (creation.driver()) {
            case BRIDGE -> creation.options().getOrDefault(NetworkOptions.BRIDGE_NAME, fallback);
            case MACVLAN, IPVLAN -> creation.options().getOrDefault(NetworkOptions.PARENT, "");
            case HOST, NONE -> "";
        };
    }
}
