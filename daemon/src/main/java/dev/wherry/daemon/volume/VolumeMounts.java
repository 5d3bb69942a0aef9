package dev.wherry.daemon.volume;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.FileSystems;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.linux.SystemCallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Mounts the devices of volumes at their first use, and unmounts them after their last. */
final class VolumeMounts {

    private static final Logger LOG = Logger.getLogger(VolumeMounts.class);

    private final VolumeTable table;
    private final VolumeFolders folders;
    private final Map<String, Set<LiveVolume>> byUser = new ConcurrentHashMap<>();

    VolumeMounts(VolumeTable table, VolumeFolders folders) {
        this.table = table;
        this.folders = folders;
    }

    /** As {@link Volumes#mount}. */
    Path mount(LiveVolume live, String user) {
        live.files.lock();
        try {
            folders.make(live.name());
            Path data = folders.data(live.name());
            if (live.users.isEmpty() && MountedDevice.isAsked(live.volume())) {
                MountedDevice.of(live.volume()).mount(live.name(), data);
            }
            use(live, user);
            return data;
        } catch (IOException failure) {
            throw StorageFailure.of("cannot open volume " + live.name(), failure);
        } finally {
            live.files.unlock();
        }
    }

    /** As {@link VolumeClaim#fill}. */
    void fill(LiveVolume live, String subpath, String user, VolumeClaim.Filling filling) {
        boolean hasDevice = MountedDevice.isAsked(live.volume());
        if (hasDevice && MountedDevice.of(live.volume()).forgets()) {
            return;
        }
        live.files.lock();
        try {
            boolean unseen = live.users.isEmpty() && !hasDevice && subpath.isEmpty();
            Path data = mount(live, user);
            try (Handle root = Handle.folder(data)) {
                Optional<Handle> place = subpath.isEmpty() ? Optional.of(root) : root.beneath(Path.of(subpath));
                if (place.isEmpty()) {
                    return;
                }
                try (Handle folder = place.get()) {
                    if (!folder.status().isDirectory() || !folder.names().isEmpty()) {
                        return;
                    }
                    if (unseen) {
                        fillAtOnce(live.name(), filling);
                        syncInBackground(live.volume(), data);
                    } else {
                        filling.fill(folder.folderPath());
                    }
                }
            }
        } catch (SystemCallException leadsOutside) {
            if (leadsOutside.errno() != SystemCallException.EXDEV) {
                throw StorageFailure.of("cannot fill volume " + live.name(), leadsOutside);
            }
            // The start says so.
        } catch (IOException failure) {
            throw StorageFailure.of("cannot fill volume " + live.name(), failure);
        } finally {
            unmount(live, user);
            live.files.unlock();
        }
    }

    /** As docker does, nobody waits for the disk to have what an image has too; but it need not take long. */
    private static void syncInBackground(Volume volume, Path data) {
        if (!volume.isAnonymous()) {
            Background.start("sync-volume", () -> {
                try {
                    FileSystems.sync(data);
                } catch (IOException failure) {
                    LOG.warn("volume " + volume.name() + " may not be on disk yet: " + failure.getMessage());
                }
            });
        }
    }

    private void fillAtOnce(String name, VolumeClaim.Filling filling) throws IOException {
        try {
            filling.fill(folders.filling(name));
            folders.filled(name);
        } finally {
            folders.dropFilling(name);
        }
    }

    /** Takes over that an earlier daemon mounted a volume for a container that still runs. */
    void found(LiveVolume live, String user) {
        live.files.lock();
        try {
            use(live, user);
        } finally {
            live.files.unlock();
        }
    }

    private void use(LiveVolume live, String user) {
        live.users.add(user);
        byUser.computeIfAbsent(user, _ -> ConcurrentHashMap.newKeySet()).add(live);
    }

    /** As {@link Volumes#unmount}. */
    void unmount(String user) {
        Set<LiveVolume> used = byUser.remove(user);
        if (used == null) {
            return;
        }
        used.forEach(live -> unmount(live, user));
    }

    private void unmount(LiveVolume live, String user) {
        byUser.computeIfPresent(user, (_, used) -> {
            used.remove(live);
            return used.isEmpty() ? null : used;
        });
        live.files.lock();
        try {
            live.users.remove(user);
            if (live.users.isEmpty() && MountedDevice.isAsked(live.volume())) {
                unmountDevice(live);
            }
        } finally {
            live.files.unlock();
        }
    }

    /** Unmounts the device of a volume that is being removed: who has used it has ended. */
    void end(LiveVolume live) {
        live.files.lock();
        try {
            live.users.clear();
            if (MountedDevice.isAsked(live.volume())) {
                unmountDevice(live);
            }
        } finally {
            live.files.unlock();
        }
    }

    /** Unmounts the device of a volume that nobody uses; nothing mounted is fine. */
    private void unmountDevice(LiveVolume live) {
        try {
            Mounts.unmount(folders.data(live.name()));
        } catch (IOException failure) {
            throw new HostException("cannot unmount volume " + live.name() + ": " + failure.getMessage(), failure);
        }
    }

    /** As {@link Volumes#unmountUnused}. */
    void unmountUnused() {
        Set<Path> mounted;
        try {
            mounted = Mounts.list().stream().map(Mounts.Mount::target).collect(Collectors.toSet());
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read the mounts of the host", failure);
        }
        for (LiveVolume live : table.all()) {
            live.files.lock();
            try {
                if (live.users.isEmpty()
                        && MountedDevice.isAsked(live.volume())
                        && mounted.contains(folders.data(live.name()))) {
                    unmountDevice(live);
                }
            } finally {
                live.files.unlock();
            }
        }
    }
}
