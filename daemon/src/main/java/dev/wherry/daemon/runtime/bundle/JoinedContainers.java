package dev.wherry.daemon.runtime.bundle;

import java.nio.file.Path;
import java.util.Optional;

/** Running containers whose namespaces another one joins. */
public record JoinedContainers(Optional<Peer> network, Optional<Peer> pid, Optional<Peer> ipc) {

    /** Nobody. */
    public static final JoinedContainers NONE =
            new JoinedContainers(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * One of them.
     *
     * @param pid of its first process as the host sees it
     * @param names the folder of its name files
     */
    public record Peer(int pid, Path bundle, Path names) {

        Path namespace(String name) {
            return Path.of("/proc", Integer.toString(pid), "ns", name);
        }

        /** The shared memory that it lets others join. */
        Path shm() {
            return bundle.resolve(ShareableMemory.FOLDER);
        }
    }
}
