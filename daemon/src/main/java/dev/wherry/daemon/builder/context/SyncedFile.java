package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.linux.FileStatus;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One file of a client's directory, as the client describes it.
 *
 * @param path relative to the directory
 * @param mode type and permission bits
 * @param linkTarget of a symbolic link; else empty
 */
public record SyncedFile(Path path, int mode, long size, long modifiedNanos, byte[] linkTarget) {

    boolean isDirectory() {
        return type() == FileStatus.DIRECTORY;
    }

    boolean isRegular() {
        return type() == FileStatus.REGULAR;
    }

    boolean isSymlink() {
        return type() == FileStatus.SYMLINK;
    }

    int type() {
        return mode & FileStatus.TYPE;
    }

    int permissions() {
        return mode & 07777;
    }

    long modifiedSeconds() {
        return Math.floorDiv(modifiedNanos, 1_000_000_000L);
    }

    int nanosOfSecond() {
        return (int) Math.floorMod(modifiedNanos, 1_000_000_000L);
    }

    /** Whether a file of this description need not be sent where the other one is. */
    boolean hasContentOf(SyncedFile other) {
        return type() == other.type()
                && modifiedNanos == other.modifiedNanos
                && (isDirectory() || size == other.size)
                && Arrays.equals(linkTarget, other.linkTarget);
    }
}
