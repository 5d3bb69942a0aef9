package dev.wherry.daemon.container.network;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.config.NetworkAttachment;
import dev.wherry.daemon.container.config.NetworkChecks;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.EndpointLink;
import dev.wherry.daemon.network.Networks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** Containers that another one knows by a name in its {@code /etc/hosts}: docker's links. */
public final class ContainerLinks {

    private static final int SHORT_ID = 12;

    private final Containers table;
    private final Networks networks;

    public ContainerLinks(Containers table, Networks networks) {
        this.table = table;
        this.networks = networks;
    }

    /**
     * Links "NAME" and "NAME:ALIAS" as "ID:ALIAS", so that the containers are found after they were renamed.
     *
     * @throws InvalidInputException when one is malformed, or its container does not exist
     */
    List<String> named(List<String> links) {
        return links.stream().map(this::named).toList();
    }

    private String named(String link) {
        String[] parts = link.split(":", -1);
        if (parts.length > 2 || parts[0].isEmpty() || parts[parts.length - 1].isEmpty()) {
            throw new InvalidInputException("bad format for links: " + link);
        }
        try {
            Container linked = table.get(parts[0]);
            return linked.id() + ":" + (parts.length == 2 ? parts[1] : linked.name());
        } catch (NotFoundException absent) {
            // Clients take "not found" for the image, and pull it.
            throw new InvalidInputException(
                    "could not get container for " + parts[0] + ": " + absent.getMessage(), absent);
        }
    }

    /** @throws StartException when a linked container on the default bridge does not run */
    public void check(Container container) {
        if (!container.settings().request().networking().includes(NetworkChecks.DEFAULT)) {
            return;
        }
        for (String link : container.settings().request().networking().links()) {
            String[] parts = link.split(":", 2);
            Optional<Container> linked = table.find(parts[0]);
            if (linked.filter(found -> found.state().isAlive()).isEmpty()) {
                throw new StartException(
                        ExitCode.RUNTIME_FAILED,
                        "Cannot link to a non running container: "
                                + linked.map(found -> "/" + found.name()).orElse(parts[0])
                                + " AS /" + container.name() + "/" + parts[1]);
            }
        }
    }

    /** The links on the default bridge as docker shows them: "/db:/web/alias", by the names of this moment. */
    public List<String> onDefaultBridge(Container container) {
        return container.settings().request().networking().includes(NetworkChecks.DEFAULT)
                ? shown(container, (name, alias) -> "/" + name + ":/" + container.name() + "/" + alias)
                : List.of();
    }

    /** The links on a network of a user as docker shows them: as they were given. */
    public List<String> onNetwork(Container container, NetworkAttachment attachment) {
        if (attachment.network().equals(NetworkChecks.DEFAULT)) {
            return List.of();
        }
        List<String> links = new ArrayList<>(attachment.links());
        // Containers of earlier versions have them apart.
        links.addAll(shown(container, (name, alias) -> name + ":" + alias));
        return links;
    }

    /** Of the linked containers that still exist. */
    private List<String> shown(Container container, BinaryOperator<String> text) {
        List<String> shown = new ArrayList<>();
        for (String link : container.settings().request().networking().links()) {
            String[] parts = link.split(":", 2);
            table.find(parts[0]).ifPresent(linked -> shown.add(text.apply(linked.name(), parts[1])));
        }
        return shown;
    }

    /**
     * The lines of {@code /etc/hosts} for the linked containers that run.
     *
     * @param own the endpoints of the container
     */
    List<String> lines(List<Endpoint> own) {
        List<String> lines = new ArrayList<>();
        for (Endpoint endpoint : own) {
            if (!endpoint.links().isEmpty()) {
                List<Endpoint> others = networks.endpoints(networks.get(endpoint.network()));
                endpoint.links()
                        .forEach(link -> link.target(others).ifPresent(linked -> lines.addAll(lines(link, linked))));
            }
        }
        return lines;
    }

    private static List<String> lines(EndpointLink link, Endpoint linked) {
        String name = linked.owner().name();
        String shortId = linked.owner().id().substring(0, SHORT_ID);
        String names = link.alias() + " " + shortId + (name.equals(link.alias()) ? "" : " " + name);
        return linked.addresses().stream()
                .map(address -> Cidr.text(address) + "\t" + names)
                .toList();
    }
}
