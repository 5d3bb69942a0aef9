package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.context.ContentDigests;
import dev.wherry.daemon.builder.context.Selection;
import dev.wherry.daemon.builder.context.SourceFile;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.snapshot.SnapshotId;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the latest copies of directories put into their layers, so that the next copy of the same step takes the files
 * that did not change from there instead of copying them once more. Bounded: a daemon that has forgotten copies anew.
 */
@Singleton
public final class RecentCopies {

    private static final int MOST_FILES = 200_000;
    private static final int WORTHWHILE = 100;

    /**
     * One copy.
     *
     * @param files the digest of each regular file's content and attributes, by its path below the destination
     */
    record Made(SnapshotId snapshot, Map<Path, byte[]> files) {}

    private final LinkedHashMap<Digest, Made> recent = new LinkedHashMap<>(16, 0.75f, true);
    private int files;

    /** The digests of a selection, if it is one directory of many files. */
    static Optional<Map<Path, byte[]>> digests(Selection selection, ContentDigests.Content content) {
        List<Selection.Source> sources = selection.sources();
        if (sources.size() != 1
                || !sources.getFirst().isDirectory()
                || content.files().size() < WORTHWHILE) {
            return Optional.empty();
        }
        Map<Path, byte[]> digests = HashMap.newHashMap(content.files().size());
        Iterator<byte[]> next = content.files().iterator();
        for (SourceFile file : sources.getFirst().contents()) {
            if (file.status().isRegular()) {
                digests.put(file.target(), next.next());
            }
        }
        return Optional.of(digests);
    }

    /** @param definition of the step, parents included */
    synchronized Optional<Made> find(Digest definition) {
        return Optional.ofNullable(recent.get(definition));
    }

    synchronized void put(Digest definition, Made made) {
        Made before = recent.put(definition, made);
        files += made.files().size() - (before == null ? 0 : before.files().size());
        Iterator<Made> eldest = recent.values().iterator();
        while (files > MOST_FILES && eldest.hasNext()) {
            files -= eldest.next().files().size();
            eldest.remove();
        }
    }
}
