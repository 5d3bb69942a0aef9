package dev.wherry.daemon.builder.explain;

import dev.wherry.daemon.linux.FileStatus;

/**
 * A file that a copy read.
 *
 * @param path seen from the root of what was copied from
 * @param mode type and permissions, as in inode(7)
 * @param size bytes of a regular file, else 0
 * @param owner user and group, {@code 1000:1000}, where they count; else empty
 * @param content of a regular file the first digits of its digest; of a symbolic link its target; else empty
 */
public record FileEntry(String path, int mode, long size, String owner, String content) {

    int type() {
        return mode & FileStatus.TYPE;
    }

    boolean isDirectory() {
        return type() == FileStatus.DIRECTORY;
    }

    int permissions() {
        return mode & 07777;
    }
}
