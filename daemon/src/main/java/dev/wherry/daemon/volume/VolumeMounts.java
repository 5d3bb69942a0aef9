package dev.wherry.daemon.volume;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.linux.StorageFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Mounts the devices of volumes at their first use, and unmounts them after their last. */
final class VolumeMounts {

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
        for (LiveVolume live : used) {
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
