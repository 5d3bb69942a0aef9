package dev.wherry.daemon.network.lifecycle;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.linux.NetworkNamespace;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.network.EndpointTable;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkCreation;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.Reservations;
import dev.wherry.daemon.network.Reservations.Reserved;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The life of networks: created and removed by users, repaired after a crash. The bridge of a network is made with its
 * first endpoint, and is removed with the network, or when the daemon ends and nothing uses it.
 */
@Singleton
public final class NetworkLifecycle {

    private static final Logger LOG = Logger.getLogger(NetworkLifecycle.class);

    private final Database database;
    private final Networks networks;
    private final Reservations reservations;
    private final Endpoints endpoints;
    private final HostNetwork host;
    private final Path namespaces;

    NetworkLifecycle(
            Database database,
            Networks networks,
            Reservations reservations,
            Endpoints endpoints,
            HostNetwork host,
            Layout layout) {
        this.database = database;
        this.networks = networks;
        this.reservations = reservations;
        this.endpoints = endpoints;
        this.host = host;
        this.namespaces = layout.networkNamespaces();
    }

    public Network create(NetworkCreation creation) {
        return networks.define(creation);
    }

    /**
     * Removes a network.
     *
     * @throws ConflictException when it is predefined or has endpoints
     */
    public void remove(Network network) {
        networks.departures().after(() -> {
            networks.beginRemoval(network);
            return null;
        });
        host.removeBridge(network);
        networks.finishRemoval(network);
    }

    /** Removes the networks of users that have no endpoints and match; returns them. */
    public List<Network> prune(Filters filters) {
        List<Network> removed = new ArrayList<>();
        for (Network network : networks.unused(filters)) {
            try {
                remove(network);
                removed.add(network);
            } catch (ConflictException used) {
                LOG.debugf("network %s is in use by now", network.name());
            }
        }
        return removed;
    }

    /** Makes the rules of the firewall anew, as after a program of the host has removed them, and the names too. */
    public void reload() {
        host.restore();
    }

    /** Before {@link #recover}: until then the rules need not follow each thing that is removed. */
    public void beginRecovery() {
        host.beginRecovery();
    }

    /**
     * Puts networks in order, however the last daemon ended: exactly what the owners that run need is there.
     *
     * @param running IDs of the owners whose namespaces are in use
     */
    public void recover(Set<String> running) {
        Map<String, Reserved> attached = networks.attached();
        if (attached.isEmpty() && networks.beingRemoved().isEmpty() && !host.isMarked()) {
            host.endRecovery();
            return;
        }
        host.endStrays();
        removeNamespaces(running);
        attached.keySet().stream().filter(owner -> !running.contains(owner)).forEach(reservations::releaseAll);
        endpoints.finishChanges(database.read(connection -> new EndpointTable(connection).changing()));
        for (Network network : networks.beingRemoved()) {
            host.removeBridge(network);
            networks.finishRemoval(network);
        }
        // First, so that no change of the rows is missed.
        host.endRecovery();
        host.recover();
    }

    private void removeNamespaces(Set<String> running) {
        Set<Path> strays = new HashSet<>();
        if (Files.isDirectory(namespaces)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(namespaces)) {
                for (Path file : files) {
                    if (!running.contains(file.getFileName().toString())) {
                        strays.add(file);
                    }
                }
                for (Path stray : strays) {
                    NetworkNamespace.remove(stray);
                }
            } catch (IOException failure) {
                throw new HostException(
                        "cannot remove network namespaces of a killed daemon: " + failure.getMessage(), failure);
            }
        }
    }

    /** The daemon ends: what no namespace needs is removed from the host. */
    public void close() {
        host.close();
    }
}
