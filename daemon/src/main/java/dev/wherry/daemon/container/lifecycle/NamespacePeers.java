package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.SandboxFiles;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.bundle.JoinedContainers;
import dev.wherry.daemon.runtime.bundle.JoinedContainers.Peer;
import dev.wherry.daemon.runtime.spec.Isolation;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The containers and sandboxes whose namespaces another container joins. Containers exist when that container is created and run when it
 * starts.
 */
public final class NamespacePeers {

    private static final String JOINED = "container:";
    private static final int DEEPEST = 16;

    private final ContainerTable table;
    private final Layout layout;

    public NamespacePeers(ContainerTable table, Layout layout) {
        this.table = table;
        this.layout = layout;
    }

    /**
     * Replaces the name of each peer by its ID, so that the peer is found after it was renamed.
     *
     * @throws InvalidInputException when a peer does not exist, or does not share the namespace
     */
    ContainerConfig named(ContainerConfig config) {
        Isolation isolation = config.isolation();
        String network = named(config.network());
        String pid = named(isolation.pid());
        String ipc = named(isolation.ipc());
        if (ipc.startsWith(JOINED)) {
            String mode = peerOf(ipc).settings().request().isolation().ipc();
            if (!mode.equals("shareable")) {
                throw new InvalidInputException(
                        "IPC mode " + isolation.ipc()
                                + ": the other container does not share its IPC namespace: create it with IPC mode \"shareable\"");
            }
        }
        return config.joining(network, isolation.joining(pid, ipc));
    }

    private String named(String mode) {
        if (!mode.startsWith(JOINED) || mode.length() == JOINED.length()) {
            return mode;
        }
        try {
            return JOINED + table.get(mode.substring(JOINED.length())).id();
        } catch (NotFoundException absent) {
            // Clients take "not found" for the image, and pull it.
            throw new InvalidInputException("cannot join " + mode + ": " + absent.getMessage(), absent);
        }
    }

    private Container peerOf(String mode) {
        return table.existing(mode.substring(JOINED.length()));
    }

    /** @throws StartException when a peer does not run */
    JoinedContainers of(Container container) {
        ContainerConfig config = container.settings().request();
        Isolation isolation = config.isolation();
        Optional<Peer> pid = running("pid", isolation.pid()).map(this::peer);
        if (config.pod().isMember()) {
            SandboxFiles sandbox = SandboxFiles.of(layout, config.pod().sandbox());
            Peer peer = sandbox.peer();
            Set<String> joined = config.pod().namespaces();
            return new JoinedContainers(
                    Optional.of(peer).filter(_ -> joined.contains("net")),
                    pid.or(() -> Optional.of(peer).filter(_ -> joined.contains("pid"))),
                    Optional.of(peer).filter(_ -> joined.contains("ipc")),
                    Optional.of(peer).filter(_ -> joined.contains("uts")),
                    Optional.of(sandbox.names()),
                    Optional.ofNullable(config.pod().users())
                            .map(users -> new JoinedContainers.Users(sandbox.namespace("user"), users)));
        }
        return new JoinedContainers(
                running("network", config.network()).map(this::peer),
                pid,
                running("ipc", isolation.ipc()).map(this::peer));
    }

    private Peer peer(Container joined) {
        return new Peer(joined.pid(), ContainerLayout.of(layout, joined.id()).bundle(), namesOf(joined, DEEPEST));
    }

    /** A peer that joins a network itself uses the name files of the container that it joins. */
    private Path namesOf(Container joined, int depth) {
        Optional<Container> next = depth == 0
                ? Optional.empty()
                : running("network", joined.settings().request().network());
        return next.map(peer -> namesOf(peer, depth - 1)).orElseGet(() -> ContainerLayout.names(layout, joined));
    }

    /** Empty when the mode joins no container. */
    private Optional<Container> running(String what, String mode) {
        if (!mode.startsWith(JOINED)) {
            return Optional.empty();
        }
        String id = mode.substring(JOINED.length());
        Optional<Container> joined =
                table.find(id).filter(found -> found.state().isAlive());
        if (joined.isEmpty()) {
            throw new StartException(
                    ExitCode.RUNTIME_FAILED,
                    "cannot join the " + what + " of container " + id.substring(0, Math.min(12, id.length()))
                            + ": it does not run");
        }
        return joined;
    }
}
