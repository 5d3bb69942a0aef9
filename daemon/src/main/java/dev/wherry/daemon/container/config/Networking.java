package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;

/**
 * The networks and ports of a container.
 *
 * @param attachments the networks that it is connected to when it starts; none if it shares a network or has none
 * @param ports to publish
 * @param publishAll whether exposed ports that {@code ports} does not name are published on free ports
 * @param links "ID:ALIAS" of containers on the default bridge that {@code /etc/hosts} names
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record Networking(
        List<NetworkAttachment> attachments, List<PortBinding> ports, boolean publishAll, List<String> links) {

    /** No network and no port. */
    public static final Networking NONE = new Networking(List.of(), List.of(), false, List.of());

    public Networking {
        attachments = List.copyOf(attachments);
        ports = List.copyOf(ports);
        links = List.copyOf(links);
    }

    public Networking with(List<NetworkAttachment> nextAttachments, List<String> nextLinks) {
        return new Networking(nextAttachments, ports, publishAll, nextLinks);
    }

    /** With one more network. */
    public Networking connected(NetworkAttachment attachment) {
        List<NetworkAttachment> next =
                new ArrayList<>(disconnected(attachment.network()).attachments());
        next.add(attachment);
        return with(next, links);
    }

    /** Without a network. */
    public Networking disconnected(String network) {
        return with(
                attachments.stream()
                        .filter(attachment -> !attachment.network().equals(network))
                        .toList(),
                links);
    }

    /** Whether a network is among those that it is connected to. */
    public boolean includes(String network) {
        return attachments.stream().anyMatch(attachment -> attachment.network().equals(network));
    }
}
