package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.state.Container;
import dev.wherry.daemon.container.state.ContainerLayout;
import dev.wherry.daemon.container.state.ContainerTable;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.bundle.JoinedContainers;
import dev.wherry.daemon.runtime.bundle.JoinedContainers.Peer;
import dev.wherry.daemon.runtime.spec.Isolation;
import java.nio.file.Path;
import java.util.Optional;

/** Containers whose namespaces another one joins: named by a user when that is created, running when it is started. */
public final class NamespacePeers {

    private static final String JOINED = "container:";
    private static final int FAILED = 125;
    private static final int DEEPEST = 16;

    private final ContainerTable table;
    private final Layout layout;

    public NamespacePeers(ContainerTable table, Layout layout) {
        this.table = table;
        this.layout = layout;
    }

    /**
     * The same with each companion by its ID, so that it is found after having got another name.
     *
     * @throws InvalidInputException when one is not there, or keeps to itself what is to be joined
     */
    ContainerConfig named(ContainerConfig config) {
        Isolation isolation = config.isolation();
        String network = named(config.network());
        String pid = named(isolation.pid());
        String ipc = named(isolation.ipc());
        if (ipc.startsWith(JOINED)) {
            String mode = companion(ipc).settings().request().isolation().ipc();
            if (!mode.equals("shareable")) {
                throw new InvalidInputException("--ipc " + isolation.ipc()
                        + ": the other container keeps its shared memory to itself: create it with --ipc shareable");
            }
        }
        return config.joining(network, isolation.joining(pid, ipc));
    }

    private String named(String mode) {
        if (!mode.startsWith(JOINED) || mode.length() == JOINED.length()) {
            return mode;
        }
        try {
            return JOINED + table.named(mode.substring(JOINED.length())).id();
        } catch (NotFoundException absent) {
            // What is not found when a container is created is taken for its image, and pulled.
            throw new InvalidInputException("cannot join " + mode + ": " + absent.getMessage(), absent);
        }
    }

    private Container companion(String mode) {
        return table.get(mode.substring(JOINED.length()));
    }

    /** @throws StartException when one of them does not run */
    JoinedContainers of(Container container) {
        ContainerConfig config = container.settings().request();
        Isolation isolation = config.isolation();
        return new JoinedContainers(
                running("network", config.network()).map(peer -> new Peer(peer.pid(), namesOf(peer, DEEPEST))),
                running("pid", isolation.pid()).map(this::peer),
                running("ipc", isolation.ipc()).map(this::peer));
    }

    private Peer peer(Container companion) {
        return new Peer(
                companion.pid(), ContainerLayout.of(layout, companion.id()).bundle());
    }

    /** One that joins a network itself has its files of names from there. */
    private Path namesOf(Container companion, int depth) {
        Optional<Container> next = depth == 0
                ? Optional.empty()
                : running("network", companion.settings().request().network());
        return next.map(peer -> namesOf(peer, depth - 1))
                .orElseGet(() -> ContainerLayout.of(layout, companion.id()).bundle());
    }

    /** Empty when nobody is joined. */
    private Optional<Container> running(String what, String mode) {
        if (!mode.startsWith(JOINED)) {
            return Optional.empty();
        }
        String id = mode.substring(JOINED.length());
        Optional<Container> companion =
                table.find(id).filter(found -> found.state().isAlive());
        if (companion.isEmpty()) {
            throw new StartException(
                    FAILED,
                    "cannot join the " + what + " of container " + id.substring(0, Math.min(12, id.length()))
                            + ": it does not run");
        }
        return companion;
    }
}
