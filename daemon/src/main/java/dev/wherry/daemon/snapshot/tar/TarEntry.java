package dev.wherry.daemon.snapshot.tar;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * One entry of an archive, without its content.
 *
 * @param name bytes as in the archive; whether they name a place inside the root is for the reader to check
 * @param linkName target of a symbolic link, or name of the entry that a hard link is to; else empty
 * @param permissions bits as in chmod(2)
 * @param uid as the kernel's unsigned 32 bits, and so is {@code gid}
 * @param size bytes of a regular file; of a sparse one with its holes
 * @param modified seconds since 1970
 * @param modifiedNanos nanoseconds to add to it
 * @param major device number of a device node, and {@code minor}
 * @param xattrs extended attributes by name
 * @param extents of a sparse file, the parts that are not holes, whose bytes alone are in the stream; else empty
 */
public record TarEntry(
        byte[] name,
        Type type,
        byte[] linkName,
        int permissions,
        int uid,
        int gid,
        long size,
        long modified,
        int modifiedNanos,
        int major,
        int minor,
        SortedMap<String, byte[]> xattrs,
        List<Extent> extents) {

    /** What an entry stands for, with the flag that says so. */
    public enum Type {
        FILE('0'),
        HARD_LINK('1'),
        SYMLINK('2'),
        CHARACTER('3'),
        BLOCK('4'),
        DIRECTORY('5'),
        FIFO('6');

        final char flag;

        Type(char flag) {
            this.flag = flag;
        }
    }

    /** A directory or a regular file that belongs to root and of which nothing else is to be said. */
    public static TarEntry plain(String name, Type type, int permissions, long size, long modified) {
        return new TarEntry(
                name.getBytes(StandardCharsets.UTF_8),
                type,
                new byte[0],
                permissions,
                0,
                0,
                size,
                modified,
                0,
                0,
                0,
                Collections.emptySortedMap(),
                List.of());
    }

    /** A part of a sparse file that is not a hole. */
    public record Extent(long offset, long length) {}

    /** The name as text for messages. */
    public String displayName() {
        return new String(name, StandardCharsets.UTF_8);
    }
}
