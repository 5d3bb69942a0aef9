package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.config.NetworkAttachment;
import dev.wherry.daemon.container.config.NetworkChecks;
import dev.wherry.daemon.container.config.Networking;
import dev.wherry.daemon.container.network.ContainerNetworks;
import dev.wherry.daemon.container.network.EndpointRequests;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.lifecycle.Endpoints;
import dev.wherry.daemon.runtime.bundle.JoinedContainers;
import dev.wherry.daemon.runtime.bundle.NameFiles;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Connects containers to networks and disconnects them, whether they run or not. The settings of a container name its
 * networks; of one that runs they agree with its endpoints. Both cannot change in one step: a new network is written
 * into the settings first and an old one removed from them last, so that after a crash a network that is in the settings
 * and has no endpoint is one to forget.
 */
final class Connections {

    private final ContainerTable table;
    private final LiveContainers lives;
    private final Transitions transitions;
    private final Networks networks;
    private final ContainerNetworks connected;
    private final Endpoints endpoints;
    private final Layout layout;

    Connections(
            ContainerTable table,
            LiveContainers lives,
            Transitions transitions,
            Networks networks,
            ContainerNetworks connected,
            Endpoints endpoints,
            Layout layout) {
        this.table = table;
        this.lives = lives;
        this.transitions = transitions;
        this.networks = networks;
        this.connected = connected;
        this.endpoints = endpoints;
        this.layout = layout;
    }

    /** As {@link Lifecycle#connect}. */
    void connect(String reference, NetworkAttachment asked) throws InterruptedException {
        String id = table.get(reference).id();
        Network network = networks.get(asked.network());
        NetworkAttachment attachment = asked.named(network.name());
        LiveContainer live = lives.of(id);
        try (Hold _ = live.holdInterruptibly()) {
            live.awaitCleared();
            Container found = table.existing(id);
            requireOwnNetwork(found, network);
            if (networking(found).includes(network.name())) {
                throw new ConflictException(
                        "endpoint with name " + found.name() + " already exists in network " + network.name());
            }
            NetworkChecks.attachment(attachment);
            change(found, networking(found).connected(attachment));
            if (found.state().isAlive()) {
                try {
                    endpoints.connect(ContainerNetworks.owner(found), EndpointRequests.of(attachment, networks));
                } catch (RuntimeException failure) {
                    change(table.existing(id), networking(found));
                    throw failure;
                }
                refreshNames(table.existing(id));
            }
        }
    }

    /** As {@link Lifecycle#disconnect}. */
    void disconnect(String reference, String networkReference, boolean force) throws InterruptedException {
        Network network = networks.get(networkReference);
        String id;
        try {
            id = table.get(reference).id();
        } catch (NotFoundException absent) {
            if (force) {
                return;
            }
            throw absent;
        }
        LiveContainer live = lives.of(id);
        try (Hold _ = live.holdInterruptibly()) {
            live.awaitCleared();
            Container found = table.existing(id);
            requireOwnNetwork(found, network);
            if (!networking(found).includes(network.name())) {
                if (force) {
                    return;
                }
                throw new ConflictException(
                        "container " + found.id() + " is not connected to network " + network.name());
            }
            if (found.state().isAlive()) {
                endpoints.disconnect(found.id(), network.id());
            }
            change(found, networking(found).disconnected(network.name()));
            if (found.state().isAlive()) {
                refreshNames(table.existing(id));
            }
        }
    }

    /** As {@link Lifecycle#unlink}. */
    void unlink(String reference, String alias) throws InterruptedException {
        String id = table.get(reference).id();
        LiveContainer live = lives.of(id);
        try (Hold _ = live.holdInterruptibly()) {
            live.awaitCleared();
            Container found = table.existing(id);
            Networking before = networking(found);
            List<String> kept = before.links().stream()
                    .filter(link -> !link.endsWith(":" + alias))
                    .toList();
            if (kept.equals(before.links())) {
                throw new NotFoundException(
                        "link", alias, "container " + found.name() + " has no link \"" + alias + "\"");
            }
            change(found, before.with(before.attachments(), kept));
            if (found.state().isAlive()) {
                endpoints.unlink(id, alias);
                refreshNames(table.existing(id));
            }
        }
    }

    private static void requireOwnNetwork(Container container, Network network) {
        if (network.name().equals(Network.HOST)) {
            throw new ConflictException(
                    "container cannot be disconnected from host network or connected to host network");
        }
        switch (NetworkMode.ofContainer(container.settings().request().network())) {
            case HOST, CONTAINER ->
                throw new ConflictException("container sharing network namespace with another container or host cannot"
                        + " be connected to any other network");
            case NONE ->
                throw new ConflictException("container cannot be connected to multiple networks with one of the"
                        + " networks in private (none) mode");
            case BRIDGE -> {
                if (network.name().equals(Network.NONE)) {
                    throw new ConflictException("container cannot be connected to multiple networks with one of the"
                            + " networks in private (none) mode");
                }
            }
        }
    }

    private static Networking networking(Container container) {
        return container.settings().request().networking();
    }

    private void change(Container container, Networking next) {
        transitions.reconnected(
                container,
                container.settings().with(container.settings().request().with(next)));
    }

    private void refreshNames(Container container) {
        NameFiles.write(
                ContainerLayout.names(layout, container),
                container.settings().process(JoinedContainers.NONE, connected.of(container), List.of()),
                connected.names(container));
    }

    /**
     * Lets containers that know one by a link, which has started, know its addresses. They do soon: each is busy as long
     * as it is held, and two that are linked to each other may start at once.
     */
    void tellLinked(Container started) {
        for (String id : connected.linkedTo(started)) {
            Background.finish("links-" + id, () -> refreshRunning(id));
        }
    }

    private void refreshRunning(String id) throws InterruptedException {
        try (Hold _ = lives.of(id).holdInterruptibly()) {
            table.find(id).filter(found -> found.state().isAlive()).ifPresent(this::refreshNames);
        }
    }

    /** Forgets networks of running containers that a killed daemon had not connected yet, or had just disconnected. */
    void reconcile() {
        for (Container container : table.list()) {
            NetworkMode mode =
                    NetworkMode.ofContainer(container.settings().request().network());
            if (container.state().isAlive() && mode == NetworkMode.BRIDGE) {
                reconcile(container);
            }
        }
    }

    private void reconcile(Container container) {
        Set<String> present = networks.endpointsOf(container.id()).stream()
                .map(Endpoint::network)
                .map(networks::get)
                .map(Network::name)
                .collect(Collectors.toSet());
        List<NetworkAttachment> kept = networking(container).attachments().stream()
                .filter(attachment -> present.contains(attachment.network()))
                .toList();
        if (!kept.equals(networking(container).attachments())) {
            change(
                    container,
                    networking(container).with(kept, networking(container).links()));
            refreshNames(table.existing(container.id()));
        }
    }
}
