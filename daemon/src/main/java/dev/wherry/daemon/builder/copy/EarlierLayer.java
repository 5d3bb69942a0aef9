package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.context.SourceFile;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The layer that an earlier copy of the same step made, on a file system where files can share their contents. */
final class EarlierLayer {

    private final Path fs;
    private final Map<Path, byte[]> then;
    private final Map<Path, byte[]> now;

    /**
     * @param fs the folder of the earlier layer
     * @param then digests of what was copied into it, by path below the destination
     * @param now digests of what is copied now
     */
    EarlierLayer(Path fs, Map<Path, byte[]> then, Map<Path, byte[]> now) {
        this.fs = fs;
        this.then = then;
        this.now = now;
    }

    /**
     * The file of the earlier layer that has the content of a source file.
     *
     * @param target where the file goes, seen from the root of the file system
     */
    Optional<Path> content(SourceFile file, Path target) throws IOException {
        byte[] before = then.get(file.target());
        if (before == null || !Arrays.equals(before, now.get(file.target()))) {
            return Optional.empty();
        }
        Path earlier = fs.resolve(target);
        return Inodes.find(earlier)
                .filter(FileStatus::isRegular)
                .filter(status -> status.size() == file.status().size())
                .map(_ -> earlier);
    }
}
