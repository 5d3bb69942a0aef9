package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.RootedPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A directory of this host with the files that a build may copy.
 *
 * @param description what messages call it: {@code the build context /src}
 * @param origin whose files they are
 * @param date when what was fetched was made: a commit, a file on the web, the newest file of an archive
 */
public record BuildContext(Path root, String description, Origin origin, Optional<Instant> date) {

    /** A context of files that have no time together. */
    public BuildContext(Path root, String description, Origin origin) {
        this(root, description, origin, Optional.empty());
    }

    private static final String DOCKERFILE = "Dockerfile";

    /** Taken where there is no file of the usual name. */
    private static final String LOWER_CASE = "dockerfile";

    /** Where the files of a context come from. */
    public enum Origin {
        /** A directory of a user of this host, which the daemon reads in place. */
        SHARED,
        /** The copy of a client's directory, kept for the next build. */
        SYNCED,
        /** What was fetched or unpacked for this build alone. */
        FETCHED
    }

    /** A directory of this host. */
    public static BuildContext shared(Path root) {
        return new BuildContext(root, "the build context " + root, Origin.SHARED);
    }

    /**
     * What is known of the contents of its files.
     *
     * @param kept what is known of contexts that stay
     */
    public ContentDigests digests(DigestFiles kept) {
        return origin == Origin.FETCHED ? new ContentDigests() : kept.of(root);
    }

    /** Keeps what was learnt of the contents of its files, if they stay. */
    public void save(DigestFiles kept) {
        if (origin != Origin.FETCHED) {
            kept.save(root);
        }
    }

    /**
     * The Dockerfile at a path seen from the root. That of a user of this host may lie anywhere, as their other files do;
     * what came from elsewhere names nothing outside of itself.
     *
     * @throws NotFoundException when there is no such file
     */
    public byte[] dockerfile(String name) {
        Path path = root.resolve(name);
        Path there = path.endsWith(DOCKERFILE) && Files.notExists(path) ? path.resolveSibling(LOWER_CASE) : path;
        String where = origin == Origin.SHARED ? path.toString() : name + " in " + description;
        try {
            Path file = origin == Origin.SHARED ? there : new RootedPath(root).resolve(root.relativize(there));
            if (Files.isRegularFile(file)) {
                return read(file);
            }
        } catch (IOException unreadable) {
            throw new InvalidInputException("cannot read the Dockerfile " + where, unreadable);
        }
        throw new NotFoundException("Dockerfile", where, "cannot find the Dockerfile " + where);
    }

    /**
     * The patterns of the files that do not exist for the build: those of the first ignore file that is there.
     *
     * @param names where it may be, seen from the root
     * @throws InvalidInputException when there is something in its place that is no file of the context
     */
    public IgnorePatterns ignored(List<String> names) {
        for (String name : names) {
            Path path = root.resolve(name).normalize();
            // Beside a Dockerfile that lies elsewhere.
            boolean outside = !path.startsWith(root);
            if (outside && origin != Origin.SHARED) {
                continue;
            }
            try {
                if (Inodes.find(path).isEmpty()) {
                    continue;
                }
                Path file = outside ? path : new RootedPath(root).resolve(root.relativize(path));
                if (!Inodes.find(file).map(FileStatus::isRegular).orElse(false)) {
                    throw new InvalidInputException(name + " is not a file of " + description);
                }
                return IgnorePatterns.parse(name, read(file));
            } catch (IOException unreadable) {
                throw new InvalidInputException("cannot read " + name + " of " + description, unreadable);
            }
        }
        return IgnorePatterns.none();
    }

    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file.toRealPath(), LinkOption.NOFOLLOW_LINKS)) {
            // One byte more than is allowed, so that the reader notices.
            return in.readNBytes(Dockerfile.MAX_BYTES + 1);
        }
    }
}
