package dev.wherry.daemon.network.cni;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wherry.daemon.error.HostException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What the plugins have given to a pod.
 *
 * @param addresses of its interface, in the order of the plugins
 */
public record CniResult(List<InetAddress> addresses) {

    public CniResult {
        addresses = List.copyOf(addresses);
    }

    /** Of the answer of the last plugin, in the form of any version. */
    static CniResult of(JsonNode answer, String interfaceName) {
        List<InetAddress> addresses = new ArrayList<>();
        for (JsonNode ip : answer.path("ips")) {
            if (isOf(ip, answer.path("interfaces"), interfaceName)) {
                addresses.add(address(ip.path("address").asText()));
            }
        }
        for (String family : List.of("ip4", "ip6")) {
            if (answer.path(family).hasNonNull("ip")) {
                addresses.add(address(answer.path(family).path("ip").asText()));
            }
        }
        return new CniResult(addresses);
    }

    /** An address without an interface is that of the pod's. */
    private static boolean isOf(JsonNode ip, JsonNode interfaces, String name) {
        if (!ip.hasNonNull("interface")) {
            return true;
        }
        JsonNode found = interfaces.path(ip.path("interface").asInt());
        return found.path("name").asText().equals(name)
                && !found.path("sandbox").asText().isEmpty();
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.ofLiteral(text.replaceFirst("/.*", ""));
        } catch (IllegalArgumentException malformed) {
            throw new HostException("a CNI plugin answered with \"" + text + "\", which is no address", malformed);
        }
    }
}
