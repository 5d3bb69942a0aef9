package dev.wherry.daemon.container.network;

import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.NetworkAttachment;
import dev.wherry.daemon.container.config.NetworkChecks;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.network.EndpointLink;
import dev.wherry.daemon.network.EndpointRequest;
import dev.wherry.daemon.network.Networks;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What containers ask of networks, in the terms of the package {@code network}. */
public final class EndpointRequests {

    private EndpointRequests() {}

    /** @throws NotFoundException when a network does not exist */
    public static List<EndpointRequest> of(ContainerConfig config, Networks networks) {
        return config.networking().attachments().stream()
                .map(attachment -> of(attachment, links(attachment, config), networks))
                .toList();
    }

    /** Links of a container itself count on each of its networks. */
    private static List<String> links(NetworkAttachment attachment, ContainerConfig config) {
        return Stream.concat(attachment.links().stream(), config.networking().links().stream())
                .toList();
    }

    public static EndpointRequest of(NetworkAttachment attachment, Networks networks) {
        return of(attachment, attachment.links(), networks);
    }

    private static EndpointRequest of(NetworkAttachment attachment, List<String> links, Networks networks) {
        return new EndpointRequest(
                networks.get(attachment.network()).id(),
                attachment.aliases(),
                address(attachment.ipv4()),
                address(attachment.ipv6()),
                attachment.mac().isEmpty() ? Optional.empty() : Optional.of(attachment.mac()),
                attachment.gatewayPriority(),
                Optional.ofNullable(attachment.driverOptions().get(NetworkChecks.INTERFACE)),
                links.stream().map(EndpointLink::parse).toList());
    }

    private static Optional<InetAddress> address(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(text));
    }
}
