package dev.wherry.daemon.volume;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.metadata.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Brings rows, folders and mounts together when the daemon starts. A folder without a row is never removed, since nobody
 * knows what it is worth: it becomes a volume, as docker has it.
 */
final class VolumeRecovery {

    private static final Logger LOG = Logger.getLogger(VolumeRecovery.class);
    private static final String MADE_UP = "[0-9a-f]{64}";

    private final Database database;
    private final VolumeTable table;
    private final VolumeMounts mounts;
    private final VolumeRemoval removal;
    private final VolumeFolders folders;

    VolumeRecovery(
            Database database, VolumeTable table, VolumeMounts mounts, VolumeRemoval removal, VolumeFolders folders) {
        this.database = database;
        this.table = table;
        this.mounts = mounts;
        this.removal = removal;
        this.folders = folders;
    }

    void run(List<VolumeUse> uses) throws IOException {
        folders.removeUnfinished();
        giveBackTaken();
        adoptFolders();
        uses.forEach(this::take);
        Set<String> containers = uses.stream().map(VolumeUse::holder).collect(Collectors.toSet());
        for (LiveVolume live : table.all()) {
            String owner = live.volume().container();
            if (!owner.isEmpty() && !containers.contains(owner) && live.holders.isEmpty()) {
                // It should have gone with its container.
                removal.remove(live);
            } else {
                folders.make(live.name());
                folders.dropFilling(live.name());
            }
        }
    }

    /** A folder that was taken away goes, unless the row did not. */
    private void giveBackTaken() throws IOException {
        Set<String> there = new HashSet<>(folders.names());
        for (Path taken : folders.taken()) {
            String name = taken.getFileName().toString();
            if (table.find(name).isPresent() && there.add(name)) {
                folders.giveBack(taken);
            } else {
                Background.start("remove-volume", () -> removal.removeFiles(taken));
            }
        }
    }

    private void adoptFolders() throws IOException {
        for (String name : folders.names()) {
            if (table.find(name).isEmpty() && VolumeRequest.isWellFormed(name)) {
                Map<String, String> labels =
                        name.matches(MADE_UP) ? Map.of(Volume.ANONYMOUS, "") : Map.<String, String>of();
                Volume found = new Volume(name, VolumeRequest.LOCAL, Map.of(), labels, "", Instant.now());
                database.write(connection -> {
                    VolumeRows.insert(connection, found);
                    return null;
                });
                table.put(new LiveVolume(found));
                LOG.warn("the folder " + folders.data(name).getParent() + " belonged to no volume, and is the volume "
                        + name + " now");
            }
        }
    }

    private void take(VolumeUse use) {
        for (String name : use.volumes()) {
            Optional<LiveVolume> live = table.find(name);
            if (live.isEmpty()) {
                LOG.warn("volume " + name + " of container " + use.holder() + " is gone");
                continue;
            }
            table.lock.lock();
            try {
                table.hold(live.get(), use.holder());
            } finally {
                table.lock.unlock();
            }
            if (use.isRunning()) {
                mounts.found(live.get(), use.holder());
            }
        }
    }
}
