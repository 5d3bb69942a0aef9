package dev.wherry.cli.client.builds;

import dev.wherry.cli.client.files.ArchiveBytes;
import dev.wherry.cli.error.Failure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where the files of the build context are. */
public sealed interface ContextLocation {

    /** A directory on the client. */
    record Directory(LocalDirectory directory) implements ContextLocation {}

    /** A git repository, archive or Dockerfile that the daemon fetches. */
    record Remote(String address) implements ContextLocation {}

    /** An archive on the client, which is read while it is sent. */
    record Archive(InputStream content) implements ContextLocation {}

    /** No files. */
    record None() implements ContextLocation {}

    /**
     * What a user named: a directory, a tar archive, or the address of something else.
     *
     * @throws Failure when it is none of these
     */
    static ContextLocation of(String named) {
        if (named.matches("(?i)(https?|git|ssh)://.*")) {
            return new Remote(named);
        }
        try {
            Path root = Path.of(named).toRealPath();
            if (Files.isRegularFile(root)) {
                return archive(named, root);
            }
            return new Directory(directory(named));
        } catch (NoSuchFileException | InvalidPathException e) {
            if (isRemote(named)) {
                return new Remote(named);
            }
            throw Failure.of("build context " + named + " not found", e);
        } catch (IOException e) {
            throw Failure.of("build context " + named + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether an address without a scheme is meant, which a directory of that name would hide. */
    static boolean isRemote(String named) {
        return named.matches("(?i)(https?|git|ssh)://.*|github\\.com/.*|[a-z0-9_][a-z0-9._-]*@[a-z0-9][a-z0-9.-]*:.+");
    }

    /** @throws Failure when it is not a directory of this side */
    static LocalDirectory directory(String named) {
        try {
            Path root = Path.of(named).toRealPath();
            if (!Files.isDirectory(root)) {
                throw new Failure("build context " + named + " is not a directory");
            }
            return new LocalDirectory(root);
        } catch (NoSuchFileException | InvalidPathException e) {
            throw Failure.of("build context " + named + " not found", e);
        } catch (IOException e) {
            throw Failure.of("build context " + named + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static ContextLocation archive(String named, Path file) throws IOException {
        BufferedInputStream content = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        if (!ArchiveBytes.begin(content)) {
            content.close();
            throw new Failure("build context " + named + " is a file: give a directory or a tar archive");
        }
        return new Archive(content);
    }
}
