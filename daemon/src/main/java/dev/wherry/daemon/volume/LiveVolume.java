package dev.wherry.daemon.volume;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/** The state of one volume that only this daemon's memory holds. */
final class LiveVolume {

    /** Held while the files are mounted, unmounted, or copied from an image; taken after the lock of {@link Volumes}. */
    final ReentrantLock files = new ReentrantLock();

    /** Who runs with the files mounted; guarded by {@link #files}. */
    final Set<String> users = new TreeSet<>();

    /** Who may mount the files, and keeps the volume from being removed; guarded by the lock of {@link Volumes}. */
    final Set<String> holders = new TreeSet<>();

    private volatile Volume volume;

    LiveVolume(Volume volume) {
        this.volume = volume;
    }

    Volume volume() {
        return volume;
    }

    String name() {
        return volume.name();
    }

    /** Takes over what was written. */
    void become(Volume next) {
        volume = next;
    }
}
