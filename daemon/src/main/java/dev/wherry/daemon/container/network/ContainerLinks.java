package dev.wherry.daemon.container.network;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.config.NetworkChecks;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.Networks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** Containers that another one knows by a name in its {@code /etc/hosts}: docker's links. */
public final class ContainerLinks {

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

    /** The links on a network of a user as docker shows them: "db:alias". */
    public List<String> onNetwork(Container container, String network) {
        return network.equals(NetworkChecks.DEFAULT)
                ? List.of()
                : shown(container, (name, alias) -> name + ":" + alias);
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

    /** The lines of {@code /etc/hosts} for the linked containers that run. */
    public List<String> lines(Container container) {
        List<String> lines = new ArrayList<>();
        for (String link : container.settings().request().networking().links()) {
            String[] parts = link.split(":", 2);
            table.find(parts[0])
                    .filter(found -> found.state().isAlive())
                    .ifPresent(found -> lines(container, found, parts[1], lines));
        }
        return lines;
    }

    /** On a network that both are on. */
    private void lines(Container container, Container linked, String alias, List<String> lines) {
        for (Endpoint endpoint : networks.endpointsOf(linked.id())) {
            String network = networks.get(endpoint.network()).name();
            if (container.settings().request().networking().includes(network)) {
                String names =
                        alias + " " + linked.shortId() + (linked.name().equals(alias) ? "" : " " + linked.name());
                endpoint.addresses().forEach(address -> lines.add(Cidr.text(address) + "\t" + names));
            }
        }
    }
}
