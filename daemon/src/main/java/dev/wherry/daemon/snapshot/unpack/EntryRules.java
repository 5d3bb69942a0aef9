package dev.wherry.daemon.snapshot.unpack;

import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.snapshot.layer.Whiteouts;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.daemon.snapshot.tar.TarEntry.Type;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** What the entries of one tar stream may say, whatever it is unpacked for. */
final class EntryRules {

    private static final int LONGEST_COMPONENT = 255;
    private static final int LONGEST_PATH = 4095;

    private final Path root;
    private final UnpackLimits limits;
    private long entries;
    private long bytes;

    EntryRules(Path root, UnpackLimits limits) {
        this.root = root;
        this.limits = limits;
    }

    /** Counts an entry against the limits. */
    void count(TarEntry entry) {
        bytes += entry.type() == Type.FILE ? entry.size() : 0;
        if (++entries > limits.entries()) {
            throw new ExhaustedException("the tar stream has more than " + limits.entries() + " entries");
        }
        if (bytes < 0 || bytes > limits.bytes()) {
            throw new ExhaustedException("the files in the tar stream are larger than " + limits.bytes() + " bytes");
        }
    }

    /** Bytes of the files counted. */
    long bytes() {
        return bytes;
    }

    /** Where a name leads from the root, without its {@code .} and {@code ..}; empty for the root itself. */
    Path name(TarEntry entry, byte[] name) {
        int start = 0;
        while (start < name.length && name[start] == '/') {
            start++;
        }
        for (byte b : name) {
            if (b == 0) {
                throw refused(entry, "has a NUL in its name");
            }
        }
        if (PathBytes.of(root).length + 1 + name.length > LONGEST_PATH) {
            throw refused(entry, "has a name of " + name.length + " bytes, which is too long");
        }
        Path path = PathBytes.path(Arrays.copyOfRange(name, start, name.length)).normalize();
        if (path.startsWith("..")) {
            throw refused(entry, "leads out of the root");
        }
        return path;
    }

    /** Refuses a part of a name that no file system takes; a whiteout's mark is not part of the name. */
    static void checkLength(TarEntry entry, byte[] part) {
        if (part.length > LONGEST_COMPONENT + (Whiteouts.is(part) ? 4 : 0)) {
            throw refused(entry, "has a name longer than " + LONGEST_COMPONENT + " bytes");
        }
    }

    /** The target of a symbolic link. */
    static byte[] target(TarEntry entry) {
        if (entry.linkName().length == 0 || entry.linkName().length > LONGEST_PATH) {
            throw refused(entry, "is a symbolic link whose target has " + entry.linkName().length + " bytes");
        }
        return entry.linkName();
    }

    /** The number of a device node. */
    static long device(TarEntry entry) {
        if (entry.major() < 0 || entry.major() > 0xfff || entry.minor() < 0 || entry.minor() > 0xfffff) {
            throw refused(entry, "is a device " + entry.major() + ":" + entry.minor() + ", which cannot exist");
        }
        return FileStatus.device(entry.major(), entry.minor());
    }

    static InvalidInputException refused(TarEntry entry, String reason) {
        return new InvalidInputException("tar entry \"" + entry.displayName() + "\" " + reason);
    }

    static RuntimeException failure(TarEntry entry, IOException failure) {
        if (StorageFailure.isNoSpace(failure)) {
            return new ExhaustedException(
                    "no space left on device while unpacking \"" + entry.displayName() + "\": free some disk space",
                    failure);
        }
        return StorageFailure.of("cannot unpack \"" + entry.displayName() + "\"", failure);
    }
}
