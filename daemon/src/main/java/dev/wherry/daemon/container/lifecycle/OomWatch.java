package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Marks a running container when the kernel has killed one of its processes because memory ran out. Where the daemon
 * removes the control groups of containers itself, it reads the kernel's counts after the exit; but systemd removes a
 * scope as soon as its last process is gone, and conmon marks only the kill that ends a container.
 */
final class OomWatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(OomWatch.class);

    private static final int LOOKS = 25;
    private static final int MILLIS_BETWEEN_LOOKS = 2;

    private final Layout layout;
    private final Cgroups cgroups;
    private final Map<WatchKey, Watched> watched = new HashMap<>();
    /** The containers whose counts are being read because they have changed. */
    private final Set<String> followed = ConcurrentHashMap.newKeySet();

    /** Null until something is watched. */
    private WatchService service;

    OomWatch(Layout layout, Cgroups cgroups) {
        this.layout = layout;
        this.cgroups = cgroups;
    }

    /** @param open keeps the kernel's inode of the file in memory, without which it reports no change of it */
    private record Watched(String id, Path counts, InputStream open) {}

    /** Watches a container that was created or runs, to its end. */
    void watch(Container container) {
        cgroups.countsOfScope(
                        container.id(),
                        container.settings().request().resources().cgroupParent())
                .ifPresent(counts -> watch(container.id(), counts));
    }

    /** @param counts the file {@code memory.events} of the container's group (kernel, cgroup-v2, "Memory Interface Files") */
    synchronized void watch(String id, Path counts) {
        try {
            if (service == null) {
                service = counts.getFileSystem().newWatchService();
                Thread.ofPlatform().daemon().name("out-of-memory").start(() -> run(service));
            }
            Watched group = new Watched(id, counts, Files.newInputStream(counts));
            watched.put(counts.getParent().register(service, StandardWatchEventKinds.ENTRY_MODIFY), group);
            mark(group);
        } catch (IOException | ClosedWatchServiceException ended) {
            LOG.debugf("the memory of container %s is not watched: %s", id, ended.getMessage());
        }
    }

    private void run(WatchService changes) {
        try {
            while (true) {
                changed(changes.take());
            }
        } catch (ClosedWatchServiceException | InterruptedException closed) {
            // The daemon ends.
        }
    }

    private synchronized void changed(WatchKey key) {
        Watched group = watched.get(key);
        for (WatchEvent<?> event : key.pollEvents()) {
            if (group != null && group.counts().getFileName().equals(event.context()) && followed.add(group.id())) {
                Background.start("memory-" + group.id(), () -> follow(group));
            }
        }
        key.reset();
    }

    /** Ends the watch of a container that has ended. */
    synchronized void forget(String id) {
        watched.entrySet().removeIf(entry -> {
            boolean found = entry.getValue().id().equals(id);
            if (found) {
                entry.getKey().cancel();
                close(entry.getValue());
            }
            return found;
        });
    }

    /**
     * Reads the counts for a moment after one of them has changed. The kernel reports changes at most every 10 ms, and
     * counts that memory was short before it kills; after the kill, the group is soon gone.
     */
    private void follow(Watched group) throws InterruptedException {
        try {
            for (int i = 0; i < LOOKS && !mark(group); i++) {
                Thread.sleep(MILLIS_BETWEEN_LOOKS);
            }
        } finally {
            followed.remove(group.id());
        }
    }

    /** @return whether the container is marked */
    private boolean mark(Watched group) {
        if (!Cgroups.ranOutOfMemory(group.counts())) {
            return false;
        }
        try {
            Files.write(ContainerLayout.of(layout, group.id()).oomMark(), new byte[0]);
        } catch (IOException removed) {
            LOG.debugf("container %s is not marked as out of memory: %s", group.id(), removed.getMessage());
        }
        return true;
    }

    private static void close(Watched group) {
        try {
            group.open().close();
        } catch (IOException ignored) {
            // Nothing was written to it.
        }
    }

    @Override
    public synchronized void close() {
        watched.values().forEach(OomWatch::close);
        watched.clear();
        try {
            if (service != null) {
                service.close();
            }
        } catch (IOException ignored) {
            // Nothing is lost with it.
        }
    }
}
