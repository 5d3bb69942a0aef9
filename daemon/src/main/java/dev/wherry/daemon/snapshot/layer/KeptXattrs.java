package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The extended attributes that layers carry: file capabilities and what users set. What overlayfs notes for itself
 * ({@code trusted.overlay.*}) means nothing elsewhere and could hide files, and labels of security modules belong to
 * the host.
 */
public final class KeptXattrs {

    private KeptXattrs() {}

    /** A name with {@code =} in it cannot be written to a tar stream. */
    static boolean isKept(String name) {
        return name.equals("security.capability") || name.startsWith("user.") && name.indexOf('=') < 0;
    }

    public static SortedMap<String, byte[]> read(Path path) throws IOException {
        SortedMap<String, byte[]> kept = null;
        for (String name : Inodes.xattrs(path)) {
            if (isKept(name)) {
                kept = kept == null ? new TreeMap<>() : kept;
                kept.put(name, Inodes.xattr(path, name).orElseThrow());
            }
        }
        return kept == null ? Collections.emptySortedMap() : kept;
    }

    /** As above, of a file or folder that is held. */
    public static SortedMap<String, byte[]> read(Handle handle) throws IOException {
        SortedMap<String, byte[]> kept = new TreeMap<>();
        for (String name : handle.xattrs()) {
            if (isKept(name)) {
                handle.xattr(name).ifPresent(value -> kept.put(name, value));
            }
        }
        return kept;
    }

    /** Sets those of the attributes that are kept on a file or folder that is held. */
    public static void write(Handle handle, SortedMap<String, byte[]> xattrs) throws IOException {
        for (var xattr : xattrs.entrySet()) {
            if (isKept(xattr.getKey())) {
                handle.setXattr(xattr.getKey(), xattr.getValue());
            }
        }
    }

    /** Sets those of the attributes that are kept; the kernel allows them on files and folders only. */
    public static void write(Path path, SortedMap<String, byte[]> xattrs) throws IOException {
        if (xattrs.isEmpty()) {
            return;
        }
        FileStatus status = Inodes.status(path);
        if (status.isRegular() || status.isDirectory()) {
            for (var xattr : xattrs.entrySet()) {
                if (isKept(xattr.getKey())) {
                    Inodes.setXattr(path, xattr.getKey(), xattr.getValue());
                }
            }
        }
    }

    public static void copy(Path from, Path to) throws IOException {
        write(to, read(from));
    }
}
