package dev.wherry.daemon.volume;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes hold of the volumes of a container that is being created. Volumes with names are made at once. Anonymous ones are
 * made with the container: {@link #write} in the transaction that creates the container, then {@link #keep}. A claim that
 * is closed before that lets go of everything; so does one of whom needs a volume for a while only.
 */
public final class VolumeClaim implements AutoCloseable {

    private final String holder;
    private final Database database;
    private final Events events;
    private final VolumeTable table;
    private final VolumeMounts mounts;
    private final VolumeFolders folders;
    private final List<LiveVolume> held = new ArrayList<>();
    private final List<LiveVolume> made = new ArrayList<>();
    private boolean kept;

    VolumeClaim(
            String holder,
            Database database,
            Events events,
            VolumeTable table,
            VolumeMounts mounts,
            VolumeFolders folders) {
        this.holder = holder;
        this.database = database;
        this.events = events;
        this.table = table;
        this.mounts = mounts;
        this.folders = folders;
    }

    /**
     * Takes hold of a volume, which is made if there is none of this name.
     *
     * @param durability whether a new volume must survive a power failure by itself
     * @throws InvalidInputException when the name is malformed, the driver unknown, or an option wrong
     */
    public Volume named(VolumeRequest request, Durability durability) {
        VolumeRequest complete = request.complete();
        table.lock.lock();
        try {
            Optional<LiveVolume> found = table.find(complete.name());
            LiveVolume live = found.isPresent() ? found.get() : make(complete, durability);
            if (!live.holders.contains(holder)) {
                table.hold(live, holder);
                held.add(live);
            }
            return live.volume();
        } finally {
            table.lock.unlock();
        }
    }

    private LiveVolume make(VolumeRequest request, Durability durability) {
        Volume volume = volume(request, "");
        Event told = database.write(durability, connection -> insert(connection, volume));
        LiveVolume live = new LiveVolume(volume);
        table.put(live);
        events.publish(List.of(told));
        makeFolder(volume);
        return live;
    }

    private static Volume volume(VolumeRequest request, String container) {
        return new Volume(
                request.name(), request.driver(), request.options(), request.labels(), container, Instant.now());
    }

    private Event insert(Connection connection, Volume volume) throws SQLException {
        VolumeRows.insert(connection, volume);
        return events.record(connection, Event.VOLUME, "create", volume.name(), Map.of("driver", volume.driver()));
    }

    private void makeFolder(Volume volume) {
        try {
            folders.make(volume.name());
        } catch (IOException failure) {
            throw StorageFailure.of("cannot make volume " + volume.name(), failure);
        }
    }

    /** Makes an anonymous volume, to be written with the container. */
    public Volume anonymous(VolumeRequest request) {
        Volume volume = volume(request.complete(), holder);
        makeFolder(volume);
        made.add(new LiveVolume(volume));
        return volume;
    }

    /** Puts files into an empty folder. */
    @FunctionalInterface
    public interface Filling {
        void fill(Path folder) throws IOException;
    }

    /**
     * Fills a volume that this claim holds with files, if it is empty: all of them appear at once, unless a container
     * that runs sees the folder, or it is on a device.
     *
     * @param subpath the folder in the volume that is filled; empty for all of it
     */
    public void fill(String name, String subpath, Filling filling) {
        LiveVolume live = made.stream()
                .filter(volume -> volume.name().equals(name))
                .findFirst()
                .orElseGet(() -> table.get(name));
        mounts.fill(live, subpath, holder, filling);
    }

    /** Writes the anonymous volumes and returns the events, to be published after the transaction. */
    public List<Event> write(Connection connection) throws SQLException {
        List<Event> told = new ArrayList<>();
        for (LiveVolume live : made) {
            told.add(insert(connection, live.volume()));
        }
        return told;
    }

    /** The transaction is over: the holder has its volumes until they are released. */
    public void keep() {
        kept = true;
        if (made.isEmpty()) {
            return;
        }
        table.lock.lock();
        try {
            for (LiveVolume live : made) {
                table.put(live);
                table.hold(live, holder);
            }
        } finally {
            table.lock.unlock();
        }
    }

    @Override
    public void close() {
        if (kept) {
            return;
        }
        mounts.unmount(holder);
        table.lock.lock();
        try {
            held.forEach(live -> table.letGo(live, holder));
        } finally {
            table.lock.unlock();
        }
        for (LiveVolume live : made) {
            try {
                Optional<Path> taken = folders.take(live.name());
                if (taken.isPresent()) {
                    folders.remove(taken.get());
                }
            } catch (IOException failure) {
                throw StorageFailure.of("cannot remove volume " + live.name(), failure);
            }
        }
    }
}
