package dev.wherry.daemon.api.docker.container;

import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.container.config.NetworkAttachment;
import dev.wherry.daemon.container.config.NetworkChecks;
import dev.wherry.daemon.container.config.Networking;
import dev.wherry.daemon.container.config.PortBinding;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The networks and ports of a container. */
public final class NetworkBody {

    private static final Pattern PORT = Pattern.compile("([0-9]{1,5})(?:/([a-zA-Z]+))?");
    private static final Pattern HOST_PORT = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

    private NetworkBody() {}

    /** The network that a mode means; docker knows its default one by two names. */
    static String mode(String given) {
        return given.isEmpty() || given.equals("default") ? NetworkChecks.DEFAULT : given;
    }

    static Networking networking(JsonBody body, JsonBody host, String network) {
        return new Networking(
                attachments(body, network), ports(host), host.flag("PublishAllPorts"), host.texts("Links"));
    }

    /** The network of the mode comes first; older clients give the container's address beside it. */
    private static List<NetworkAttachment> attachments(JsonBody body, String network) {
        if (NetworkMode.ofContainer(network) != NetworkMode.BRIDGE) {
            return List.of();
        }
        Map<String, NetworkAttachment> endpoints = new LinkedHashMap<>();
        body.object("NetworkingConfig")
                .mapOf("EndpointsConfig", endpoint -> attachment("", endpoint))
                .forEach((name, endpoint) -> endpoints.put(mode(name), endpoint.named(mode(name))));
        List<NetworkAttachment> attachments = new ArrayList<>();
        NetworkAttachment first = endpoints.getOrDefault(network, NetworkAttachment.to(network));
        String mac = body.text("MacAddress");
        attachments.add(
                first.mac().isEmpty() && !mac.isEmpty()
                        ? new NetworkAttachment(
                                first.network(),
                                first.aliases(),
                                first.ipv4(),
                                first.ipv6(),
                                mac,
                                first.driverOptions(),
                                first.gatewayPriority(),
                                first.links())
                        : first);
        endpoints.remove(network);
        attachments.addAll(endpoints.values());
        return attachments;
    }

    /** @param endpoint an EndpointSettings of the API */
    public static NetworkAttachment attachment(String network, JsonBody endpoint) {
        JsonBody ipam = endpoint.object("IPAMConfig");
        return new NetworkAttachment(
                network,
                endpoint.texts("Aliases"),
                ipam.text("IPv4Address"),
                ipam.text("IPv6Address"),
                endpoint.text("MacAddress"),
                endpoint.map("DriverOpts"),
                endpoint.integer("GwPriority"),
                endpoint.texts("Links"));
    }

    private static List<PortBinding> ports(JsonBody host) {
        List<PortBinding> ports = new ArrayList<>();
        host.listsByName("PortBindings").forEach((port, bindings) -> {
            Matcher inside = PORT.matcher(port);
            if (!inside.matches()) {
                throw new InvalidInputException("invalid port specification: \"" + port + "\"")
                        .in("HostConfig.PortBindings");
            }
            int number = Integer.parseInt(inside.group(1));
            String protocol = inside.group(2) == null ? "tcp" : inside.group(2).toLowerCase(Locale.ROOT);
            if (bindings.isEmpty()) {
                ports.add(PortBinding.anywhere(number, protocol));
            }
            bindings.forEach(binding -> ports.add(binding(number, protocol, binding)));
        });
        return ports;
    }

    private static PortBinding binding(int port, String protocol, JsonBody binding) {
        String given = binding.text("HostPort");
        if (given.isEmpty() || given.equals("0")) {
            return new PortBinding(port, protocol, binding.text("HostIp"), 0, 0);
        }
        Matcher outside = HOST_PORT.matcher(given);
        if (!outside.matches()) {
            throw new InvalidInputException("invalid port specification: \"" + given + "\"")
                    .in("HostConfig.PortBindings");
        }
        int end = outside.group(2) == null ? 0 : Integer.parseInt(outside.group(2));
        return new PortBinding(port, protocol, binding.text("HostIp"), Integer.parseInt(outside.group(1)), end);
    }
}
