package dev.wherry.daemon.pod;

import dev.wherry.daemon.container.SandboxFiles;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.linux.NetworkNamespace;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.pod.SandboxConfig.Share;
import dev.wherry.daemon.runtime.bundle.Bundle;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What sandboxes have on the host: namespaces, shared memory, name files. */
@Singleton
final class SandboxHost {

    /** In a network of its own anybody may open low ports and send echo requests, as in that of a container. */
    private static final Map<String, String> USUAL =
            Map.of("net.ipv4.ip_unprivileged_port_start", "0", "net.ipv4.ping_group_range", "0 2147483647");

    private static final String SHM = "mode=1777,size=65536k";

    private final Layout layout;
    private final SandboxNetwork network;
    private final PauseProcess pause;
    private final MappedNamespaces mapped;

    SandboxHost(Layout layout, SandboxNetwork network, PauseProcess pause, MappedNamespaces mapped) {
        this.mapped = mapped;
        this.layout = layout;
        this.network = network;
        this.pause = pause;
    }

    /**
     * Makes all that a sandbox has.
     *
     * @return its addresses
     */
    List<String> make(Pod sandbox) {
        SandboxConfig config = sandbox.config();
        SandboxFiles files = SandboxFiles.of(layout, sandbox.id());
        try {
            Files.createDirectories(
                    files.folder(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
            if (config.users() != null) {
                mapped.createUsers(files, config.users());
            }
        } catch (IOException failure) {
            throw cannotMake(config, failure);
        }
        try (SandboxNetwork.Connecting connecting = network.begin(sandbox.id(), config, maker(files, config))) {
            String hostname = config.hasNetwork() && !config.hostname().isEmpty()
                    ? config.hostname()
                    : config.hasNetwork() ? sandbox.shortId() : Bundle.hostHostname();
            if (config.users() == null) {
                NetworkNamespace.createIpcAndUts(files.namespace("ipc"), files.namespace("uts"), hostname);
            } else {
                mapped.create(files, List.of("ipc", "uts"));
                NetworkNamespace.setHostname(files.namespace("uts"), hostname);
            }
            Files.createDirectory(files.shm());
            Mounts.tmpfs(files.shm(), SHM);
            if (config.pid() == Share.POD) {
                pause.start(sandbox);
            }
            List<String> addresses =
                    connecting.await().stream().map(InetAddress::getHostAddress).toList();
            setParameters(files, config);
            SandboxNameFiles.write(files, config, hostname, addresses);
            if (!config.logDirectory().isEmpty()) {
                Files.createDirectories(Path.of(config.logDirectory()));
            }
            return addresses;
        } catch (IOException failure) {
            throw cannotMake(config, failure);
        }
    }

    private static HostException cannotMake(SandboxConfig config, IOException failure) {
        return new HostException("cannot make a sandbox for " + config.title() + ": " + failure.getMessage(), failure);
    }

    /** The namespaces of a pod belong to its user namespace, if it has one: else it could not even mount /sys. */
    private NetworkNamespace.Maker maker(SandboxFiles files, SandboxConfig config) {
        return config.users() == null ? NetworkNamespace::create : _ -> mapped.create(files, List.of("net"));
    }

    private void setParameters(SandboxFiles files, SandboxConfig config) throws IOException {
        Map<String, String> parameters = new TreeMap<>();
        if (config.hasNetwork()) {
            USUAL.forEach((name, value) -> {
                if (Files.exists(Path.of("/proc/sys").resolve(name.replace('.', '/')))) {
                    parameters.put(name, value);
                }
            });
        }
        config.sysctls().forEach((name, value) -> parameters.put(name.replace('/', '.'), value));
        if (parameters.isEmpty()) {
            return;
        }
        List<String> names = config.hasNetwork() ? List.of("ipc", "uts", "net") : List.of("ipc", "uts");
        if (config.users() != null) {
            mapped.setParameters(files, names, parameters);
            parameters.keySet().removeIf(name -> !MappedNamespaces.isOfHost(name));
        }
        NetworkNamespace.setParameters(names.stream().map(files::namespace).toList(), parameters);
    }

    Optional<String> networkProblem() {
        return network.problem();
    }

    /** Whether all that a sandbox has is still there. */
    boolean isWhole(Pod sandbox) {
        SandboxFiles files = SandboxFiles.of(layout, sandbox.id());
        return NetworkNamespace.isMounted(files.namespace("ipc"))
                && (sandbox.config().users() == null || NetworkNamespace.isMounted(files.namespace("user")))
                && (!sandbox.config().hasNetwork() || NetworkNamespace.isMounted(files.namespace("net")))
                && (!pause.isExpected(sandbox.id()) || pause.isAlive(sandbox.id()));
    }

    /** Takes away all that a sandbox has; nothing there is fine. */
    void remove(Pod sandbox) {
        if (sandbox.config().hasNetwork()) {
            network.tearDown(sandbox.id());
        }
        removeFiles(sandbox.id());
    }

    /** As above, but for what leads to the network, which others put in order. */
    void removeFiles(String id) {
        SandboxFiles files = SandboxFiles.of(layout, id);
        try {
            pause.remove(id);
            NetworkNamespace.remove(files.namespace("ipc"));
            NetworkNamespace.remove(files.namespace("uts"));
            NetworkNamespace.remove(files.namespace("net"));
            NetworkNamespace.remove(files.namespace("user"));
            Mounts.unmount(files.shm());
            FileTrees.remove(files.folder());
        } catch (IOException failure) {
            throw new HostException(
                    "cannot take the sandbox " + id.substring(0, 12) + " away: " + failure.getMessage(), failure);
        }
    }

    /** Takes over those that an earlier daemon made. */
    void recovered(Set<String> ready) {
        ready.forEach(pause::recovered);
    }

    /** Has the network give back what is of no sandbox that is ready. */
    void recoverNetworks(Set<String> ready) throws IOException {
        network.recover(ready);
    }

    /** Takes away what is of no sandbox that is ready: a killed daemon may have left it. */
    void removeExcept(Set<String> ready) throws IOException {
        if (!Files.isDirectory(layout.sandboxes())) {
            return;
        }
        for (Path folder : FileTrees.list(layout.sandboxes())) {
            String id = folder.getFileName().toString();
            if (Files.isDirectory(folder) && !ready.contains(id)) {
                removeFiles(id);
            }
        }
    }
}
