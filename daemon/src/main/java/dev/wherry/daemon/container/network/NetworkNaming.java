package dev.wherry.daemon.container.network;

import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.NetworkAttachment;
import dev.wherry.daemon.container.config.NetworkChecks;
import dev.wherry.daemon.container.config.Networking;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import java.util.ArrayList;
import java.util.List;

/** Completes what a new container is to be connected to: every network by its name, the default one if none is named. */
public final class NetworkNaming {

    private final Networks networks;
    private final ContainerLinks links;

    public NetworkNaming(Networks networks, ContainerLinks links) {
        this.networks = networks;
        this.links = links;
    }

    /** @throws InvalidInputException when a network or a linked container does not exist */
    public ContainerConfig named(ContainerConfig asked) {
        String network = name(asked.network());
        List<NetworkAttachment> attachments = asked.networking().attachments().stream()
                .map(attachment -> attachment.named(name(attachment.network())))
                .toList();
        boolean own = NetworkMode.ofContainer(network) == NetworkMode.BRIDGE;
        if (attachments.isEmpty() && own) {
            attachments = List.of(NetworkAttachment.to(network));
        }
        Networking networking = withLinks(network, asked.networking(), attachments);
        return asked.joining(network, asked.isolation()).with(networking);
    }

    /**
     * Links on the default bridge are those of the container, and lead to containers that exist; all others are those of
     * a network, and lead to whoever has the name.
     */
    private Networking withLinks(String network, Networking asked, List<NetworkAttachment> attachments) {
        List<String> ofContainer = new ArrayList<>();
        List<NetworkAttachment> next = new ArrayList<>();
        for (NetworkAttachment attachment : attachments) {
            boolean isDefault = attachment.network().equals(NetworkChecks.DEFAULT);
            List<String> all = new ArrayList<>(attachment.links());
            if (attachment.network().equals(network)) {
                all.addAll(asked.links());
            }
            List<String> distinct = all.stream().distinct().toList();
            ofContainer.addAll(isDefault ? distinct : List.of());
            next.add(attachment.linked(isDefault ? List.of() : distinct));
        }
        return asked.with(next, links.named(attachments.isEmpty() ? asked.links() : ofContainer));
    }

    private String name(String reference) {
        if (reference.isEmpty() || reference.equals("default")) {
            return NetworkChecks.DEFAULT;
        }
        if (NetworkMode.ofContainer(reference) != NetworkMode.BRIDGE) {
            return reference;
        }
        return networks.find(reference)
                // Clients take "not found" for the image, and pull it.
                .orElseThrow(() -> new InvalidInputException("network " + reference + " not found"))
                .name();
    }
}
