package dev.wherry.daemon.network.dns;

import dev.wherry.daemon.host.systemd.SystemdBus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * A scope of systemd for aardvark-dns. It starts in the control group of the daemon's service and outlives the daemon, so
 * that systemd would warn of a left-over process whenever the service ends.
 *
 * @param systemd empty where something else is process 1
 * @param name ends with ".scope", and belongs to one daemon of the host
 */
public record ResolverScope(Optional<SystemdBus> systemd, String name) {

    private static final Logger LOG = Logger.getLogger(ResolverScope.class);

    /** Puts a process into the scope, unless it is there already. */
    void enter(int pid) {
        if (systemd.isEmpty() || isIn(pid)) {
            return;
        }
        try {
            systemd.get().enterScope(name, "Name server of the networks of Wherry", SystemdBus.SLICE, pid);
        } catch (IOException failure) {
            LOG.debugf("aardvark-dns %d stays in the group of the daemon: %s", pid, failure.getMessage());
        }
    }

    private boolean isIn(int pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/cgroup")).stream()
                    .anyMatch(group -> group.endsWith("/" + name));
        } catch (IOException ended) {
            return false;
        }
    }
}
