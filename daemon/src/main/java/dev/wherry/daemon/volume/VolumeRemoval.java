package dev.wherry.daemon.volume;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Removes volumes. The folder is taken away first, then the row goes, and with it the volume; the files follow. A folder
 * that was taken away and whose row is still there is given back, by the next daemon at the latest.
 */
final class VolumeRemoval {

    private static final Logger LOG = Logger.getLogger(VolumeRemoval.class);

    private final Database database;
    private final Events events;
    private final VolumeTable table;
    private final VolumeMounts mounts;
    private final VolumeFolders folders;

    VolumeRemoval(Database database, Events events, VolumeTable table, VolumeMounts mounts, VolumeFolders folders) {
        this.database = database;
        this.events = events;
        this.table = table;
        this.mounts = mounts;
        this.folders = folders;
    }

    /** A volume without its folder, which is elsewhere. */
    record Taken(LiveVolume live, Optional<Path> folder) {}

    /** As {@link Volumes#remove}. */
    void remove(LiveVolume live) {
        List<Taken> taken;
        table.lock.lock();
        try {
            if (table.find(live.name()).filter(now -> now == live).isEmpty()) {
                throw new NotFoundException("volume", live.name(), "get " + live.name() + ": no such volume");
            }
            if (!live.holders.isEmpty()) {
                throw new ConflictException(
                        "remove " + live.name() + ": volume is in use - [" + String.join(", ", live.holders) + "]");
            }
            taken = List.of(take(live));
            delete(taken);
        } finally {
            table.lock.unlock();
        }
        removeFiles(taken.getFirst());
    }

    /** As {@link Volumes#prune}. */
    PrunedVolumes prune(VolumeFilter filter) {
        List<Taken> taken = new ArrayList<>();
        table.lock.lock();
        try {
            for (LiveVolume live : table.all()) {
                Volume volume = live.volume();
                if (live.holders.isEmpty()
                        && (filter.isAll() || volume.isAnonymous())
                        && filter.matches(volume, false)) {
                    takeOrWarn(live).ifPresent(taken::add);
                }
            }
            if (!taken.isEmpty()) {
                delete(taken);
            }
        } finally {
            table.lock.unlock();
        }
        long bytes = taken.stream().mapToLong(this::removeFiles).sum();
        List<String> names = taken.stream().map(one -> one.live().name()).toList();
        events.tell(Event.VOLUME, "prune", "", Map.of("reclaimed", Long.toString(bytes)));
        return new PrunedVolumes(names, bytes);
    }

    /** As {@link Volumes#release}. */
    VolumeRelease release(String holder, boolean anonymousToo) {
        VolumeRelease release = new VolumeRelease(holder, this, table);
        if (table.heldBy(holder).isEmpty()) {
            return release;
        }
        table.lock.lock();
        try {
            for (LiveVolume live : table.heldBy(holder)) {
                boolean goes = anonymousToo && live.volume().isAnonymous() && live.holders.size() == 1;
                Optional<Taken> taken = goes ? takeOrWarn(live) : Optional.empty();
                if (taken.isPresent()) {
                    table.remove(live);
                    release.going(taken.get());
                } else {
                    release.staying(live, anonymousToo);
                }
            }
            return release;
        } finally {
            table.lock.unlock();
        }
    }

    /** Takes the folder away; the caller holds the lock. */
    private Taken take(LiveVolume live) {
        try {
            mounts.end(live);
            folders.requireUnmounted(live.name());
            return new Taken(live, folders.take(live.name()));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot remove volume " + live.name(), failure);
        }
    }

    /** As above; a volume that cannot go, as where a user has mounted something in it, stays. */
    private Optional<Taken> takeOrWarn(LiveVolume live) {
        try {
            return Optional.of(take(live));
        } catch (RuntimeException failure) {
            LOG.warn("volume " + live.name() + " stays: " + failure.getMessage());
            return Optional.empty();
        }
    }

    /** Deletes the rows of volumes whose folders were taken away. */
    private void delete(List<Taken> taken) {
        List<Event> written;
        try {
            written = database.write(connection -> {
                List<Event> told = new ArrayList<>();
                for (Taken one : taken) {
                    told.add(deleteRow(connection, one));
                }
                return told;
            });
        } catch (RuntimeException failure) {
            taken.forEach(this::giveBack);
            throw failure;
        }
        taken.forEach(one -> table.remove(one.live()));
        events.publish(written);
    }

    Event deleteRow(Connection connection, Taken taken) throws SQLException {
        Volume volume = taken.live().volume();
        VolumeRows.delete(connection, volume);
        return events.record(connection, Event.VOLUME, "destroy", volume.name(), Map.of("driver", volume.driver()));
    }

    void giveBack(Taken taken) {
        try {
            if (taken.folder().isPresent()) {
                folders.giveBack(taken.folder().get());
            }
        } catch (IOException failure) {
            LOG.warn("the folder of volume " + taken.live().name() + " is back after the next start: "
                    + failure.getMessage());
        }
    }

    void removeFilesInBackground(Taken taken) {
        Background.start("remove-volume", () -> removeFiles(taken));
    }

    private long removeFiles(Taken taken) {
        return taken.folder().map(this::removeFiles).orElse(0L);
    }

    long removeFiles(Path taken) {
        try {
            return folders.remove(taken);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot remove the files of volume " + taken.getFileName(), failure);
        }
    }
}
