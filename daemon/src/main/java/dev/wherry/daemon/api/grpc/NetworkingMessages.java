package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.container.config.NetworkAttachment;
import dev.wherry.daemon.container.config.Networking;
import dev.wherry.daemon.container.config.PortBinding;
import dev.wherry.v1.CreateContainerRequest;
import java.util.List;
import java.util.Locale;

/** The networks and ports of containers, between messages and the daemon's own terms. */
final class NetworkingMessages {

    private NetworkingMessages() {}

    static Networking networking(CreateContainerRequest request) {
        return new Networking(
                request.getAttachmentsList().stream()
                        .map(NetworkingMessages::attachment)
                        .toList(),
                request.getPortsList().stream().map(NetworkingMessages::port).toList(),
                request.getPublishAllPorts(),
                request.getLinksList());
    }

    static NetworkAttachment attachment(dev.wherry.v1.NetworkAttachment message) {
        return new NetworkAttachment(
                message.getNetwork(),
                message.getAliasesList(),
                message.getIpv4Address(),
                message.getIpv6Address(),
                message.getMacAddress(),
                message.getDriverOptionsMap(),
                message.getGatewayPriority(),
                List.of());
    }

    private static PortBinding port(dev.wherry.v1.PortBinding message) {
        return new PortBinding(
                message.getContainerPort(),
                message.getProtocol().isEmpty() ? "tcp" : message.getProtocol().toLowerCase(Locale.ROOT),
                message.getHostIp(),
                message.getHostPort(),
                message.getHostPortEnd());
    }
}
