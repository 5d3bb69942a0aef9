package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.FileTrees;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How many files and folders committed layers have. They never change, so that each is counted once while the daemon runs. */
final class LayerInodes {

    private final SnapshotFolders folders;
    private final Map<SnapshotId, Long> counted = new ConcurrentHashMap<>();

    LayerInodes(SnapshotFolders folders) {
        this.folders = folders;
    }

    /** Of all these layers, which are all that there are. */
    long of(Set<SnapshotId> layers) {
        counted.keySet().retainAll(layers);
        return layers.stream()
                .mapToLong(layer -> counted.computeIfAbsent(layer, this::count))
                .sum();
    }

    private long count(SnapshotId layer) {
        try {
            return FileTrees.use(folders.fs(layer)).inodes();
        } catch (IOException failure) {
            throw new HostException(
                    "cannot count the files of the layer " + layer + ": " + failure.getMessage(), failure);
        }
    }
}
