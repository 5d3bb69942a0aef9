package dev.wherry.daemon.container;

import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.bundle.JoinedContainers.Peer;
import java.nio.file.Path;
import java.util.Map;

/**
 * The paths of what a pod's sandbox has for its containers. Nothing of it outlives a reboot.
 *
 * @param folder of the sandbox
 * @param network the mount of its network namespace
 */
public record SandboxFiles(Path folder, Path network) {

    public static SandboxFiles of(Layout layout, String id) {
        return new SandboxFiles(
                layout.sandboxes().resolve(id), layout.networkNamespaces().resolve(id));
    }

    /** The mount of a namespace, by the name that it has in {@code /proc/PID/ns}. */
    public Path namespace(String name) {
        return name.equals("net") ? network : folder.resolve(name);
    }

    /** Where its shared memory is mounted. */
    public Path shm() {
        return folder.resolve("shm");
    }

    /** The folder of the name files. */
    public Path names() {
        return folder.resolve("names");
    }

    /** What a container joins. */
    public Peer peer() {
        return new Peer(
                Map.of(
                        "net", namespace("net"),
                        "ipc", namespace("ipc"),
                        "uts", namespace("uts"),
                        "pid", namespace("pid")),
                shm(),
                names());
    }
}
