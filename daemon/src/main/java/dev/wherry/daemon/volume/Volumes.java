package dev.wherry.daemon.volume;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Durability;
import dev.wherry.daemon.metadata.Layout;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The volumes of this daemon. A row in the database is what makes a volume; a volume without a folder is empty, and gets
 * one. A volume is made on request, or for a container that names it or has none at a place where its image wants one. A
 * container holds its volumes from its creation to its removal, and no volume that is held can be removed. While the
 * container runs, its volumes are mounted: where the volume has a device, that is mounted over the folder at the first
 * use and unmounted after the last.
 *
 * <p>An anonymous volume, whose name is made up, goes with the container that it was made for when that removes itself, or
 * is removed with its volumes. Else it stays, and a prune removes it.
 *
 * <p>Any number of threads may call. However the daemon ends, the next finds each volume whole: {@link #recover}.
 */
@Singleton
public final class Volumes {

    private final Database database;
    private final VolumeTable table;
    private final VolumeMounts mounts;
    private final VolumeRemoval removal;
    private final VolumeFolders folders;
    private final Events events;

    public Volumes(Database database, Events events, Layout layout) {
        this.database = database;
        this.events = events;
        this.folders = new VolumeFolders(layout.volumes());
        this.table = new VolumeTable(database);
        this.mounts = new VolumeMounts(table, folders);
        this.removal = new VolumeRemoval(database, events, table, mounts, folders);
    }

    /**
     * Makes a volume, unless there is one of this name; the options and labels of that stay as they are.
     *
     * @throws dev.wherry.daemon.error.InvalidInputException when the name is malformed, the driver unknown, or an option
     *     wrong
     */
    public Volume create(VolumeRequest request) {
        try (VolumeClaim claim = claim("creation")) {
            return claim.named(request.complete(), Durability.SYNCED);
        }
    }

    /** @throws NotFoundException when there is none of this name */
    public Volume get(String name) {
        return table.get(name).volume();
    }

    public Optional<Volume> find(String name) {
        return table.find(name).map(LiveVolume::volume);
    }

    /** Where the files of a volume are, as users are told. */
    public Path mountPoint(Volume volume) {
        return folders.data(volume.name());
    }

    /**
     * Volumes by name.
     *
     * @param filters as docker's {@code volume ls} has them
     */
    public List<Volume> list(Filters filters) {
        VolumeFilter filter = VolumeFilter.ofList(filters);
        return table.all().stream()
                .filter(live -> filter.matches(live.volume(), table.isHeld(live)))
                .map(LiveVolume::volume)
                .toList();
    }

    /** Bytes of the files of a volume, each inode counted once. */
    public long size(Volume volume) {
        try {
            return FileTrees.size(folders.data(volume.name()));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot measure volume " + volume.name(), failure);
        }
    }

    /** IDs of the containers that have a volume. */
    public List<String> holders(String name) {
        return table.find(name).map(table::holders).orElse(List.of());
    }

    /**
     * Removes a volume and its files.
     *
     * @param force whether a volume that is not there is fine
     * @throws ConflictException when a container has the volume
     */
    public void remove(String name, boolean force) {
        Optional<LiveVolume> found = force ? table.find(name) : Optional.of(table.get(name));
        found.ifPresent(removal::remove);
    }

    /**
     * Removes the volumes that no container has: without the filter "all", the anonymous ones alone.
     *
     * @param filters as docker's {@code volume prune} has them
     */
    public PrunedVolumes prune(Filters filters) {
        return removal.prune(VolumeFilter.ofPrune(filters));
    }

    /**
     * Begins to take hold of volumes.
     *
     * @param holder ID of a container that is being created, or what else needs the volume for a while
     */
    public VolumeClaim claim(String holder) {
        return new VolumeClaim(holder, database, events, table, mounts, folders);
    }

    /**
     * Begins to let go of the volumes of a container that is being removed.
     *
     * @param anonymousToo whether anonymous volumes that nobody else holds are removed
     */
    public VolumeRelease release(String holder, boolean anonymousToo) {
        return removal.release(holder, anonymousToo);
    }

    /**
     * Mounts the device of a volume unless it has none or it is mounted.
     *
     * @param user holds the volume, and calls {@link #unmount} in the end
     * @return where the files are
     */
    public Path mount(String name, String user) {
        return mounts.mount(table.get(name), user);
    }

    /** Ends the use of all volumes that this user has mounted; none is fine. */
    public void unmount(String user) {
        mounts.unmount(user);
    }

    /**
     * Puts in order what the last daemon left, however it ended. Called once, before anything else.
     *
     * @param uses those of all containers that there are
     */
    public void recover(Collection<VolumeUse> uses) {
        try {
            new VolumeRecovery(database, table, mounts, removal, folders).run(new ArrayList<>(uses));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot put the volumes in order", failure);
        }
    }

    /** Unmounts the devices of volumes that no container uses any more; called once, after {@link #recover}. */
    public void unmountUnused() {
        mounts.unmountUnused();
    }
}
