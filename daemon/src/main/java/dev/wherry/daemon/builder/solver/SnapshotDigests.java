package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.snapshot.SnapshotId;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The content digests of what was copied from snapshots lately. A snapshot never changes, so neither do they. */
@Singleton
public final class SnapshotDigests {

    private static final int MOST = 10_000;

    private record Sources(SnapshotId snapshot, List<String> paths) {
        // Written out: those that a record comes with are interpreted in a native executable.
        @Override
        public boolean equals(Object other) {
            return other instanceof Sources that && snapshot.equals(that.snapshot) && paths.equals(that.paths);
        }

        @Override
        public int hashCode() {
            return 31 * snapshot.hashCode() + paths.hashCode();
        }
    }

    private final Map<Sources, Digest> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Sources, Digest> eldest) {
            return size() > MOST;
        }
    };

    public synchronized Optional<Digest> find(SnapshotId snapshot, List<String> paths) {
        return Optional.ofNullable(known.get(new Sources(snapshot, paths)));
    }

    public synchronized void put(SnapshotId snapshot, List<String> paths, Digest content) {
        known.put(new Sources(snapshot, paths), content);
    }
}
