package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.runtime.spec.NetworkMode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The network namespace of a process.
 *
 * @param namespace of {@link NetworkMode#BRIDGE}: the file of the namespace, which is connected before the process starts
 */
public record ProcessNetwork(NetworkMode mode, Optional<Path> namespace) {

    public ProcessNetwork {
        if (mode == NetworkMode.BRIDGE && namespace.isEmpty()) {
            throw new IllegalArgumentException("a namespace with networks is made before the bundle");
        }
    }

    /** A mode for which no namespace is made before. */
    public static ProcessNetwork of(NetworkMode mode) {
        return new ProcessNetwork(mode, Optional.empty());
    }

    /** A namespace that is connected to networks. */
    public static ProcessNetwork connected(Path namespace) {
        return new ProcessNetwork(NetworkMode.BRIDGE, Optional.of(namespace));
    }
}
