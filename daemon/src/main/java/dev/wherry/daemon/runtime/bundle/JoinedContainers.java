package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.linux.MappedMounts;
import dev.wherry.daemon.runtime.spec.UserMappings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whose namespaces a container joins: those of running containers, or of the sandbox of its pod.
 *
 * @param names the folder of the name files that it has instead of its own
 * @param users the user namespace that owns the others
 */
public record JoinedContainers(
        Optional<Peer> network,
        Optional<Peer> pid,
        Optional<Peer> ipc,
        Optional<Peer> uts,
        Optional<Path> names,
        Optional<Users> users) {

    /** Nobody. */
    public static final JoinedContainers NONE =
            new JoinedContainers(Optional.empty(), Optional.empty(), Optional.empty());

    /** Running containers; who joins the network of one has its name files. */
    public JoinedContainers(Optional<Peer> network, Optional<Peer> pid, Optional<Peer> ipc) {
        this(network, pid, ipc, Optional.empty(), network.map(Peer::names), Optional.empty());
    }

    /**
     * A user namespace.
     *
     * @param namespace a mount of it
     * @param mappings who its users are on the host
     */
    public record Users(Path namespace, UserMappings mappings) {

        /** Whose files those of the host are to be. */
        public MappedMounts.Users ofFiles() {
            return new MappedMounts.Users(namespace, mappings.rootUid(), mappings.rootGid());
        }
    }

    /**
     * One of them.
     *
     * @param namespaces files of its namespaces, by the names that they have in {@code /proc/PID/ns}
     * @param shm the shared memory that it lets others join
     * @param names the folder of its name files
     */
    public record Peer(Map<String, Path> namespaces, Path shm, Path names) {

        public Peer {
            namespaces = Map.copyOf(namespaces);
        }

        /**
         * A running container.
         *
         * @param pid of its first process as the host sees it
         */
        public Peer(int pid, Path bundle, Path names) {
            this(
                    Stream.of("net", "pid", "ipc", "uts")
                            .collect(Collectors.toMap(
                                    name -> name, name -> Path.of("/proc", Integer.toString(pid), "ns", name))),
                    bundle.resolve(ShareableMemory.FOLDER),
                    names);
        }

        Path namespace(String name) {
            return namespaces.get(name);
        }
    }
}
