package dev.wherry.daemon.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Whether files of a file system can share their contents. On those that can, copy_file_range(2) shares instead of
 * copying (Linux 4.5), and so does {@link java.nio.channels.FileChannel#transferTo}.
 */
public final class Reflinks {

    /** XFS made without them copies; that is all that is lost. */
    private static final Set<String> FILE_SYSTEMS = Set.of("btrfs", "xfs", "bcachefs");

    private Reflinks() {}

    /** @param folder an existing folder of the file system */
    public static boolean areIn(Path folder) {
        try {
            return FILE_SYSTEMS.contains(Files.getFileStore(folder).type());
        } catch (IOException unknown) {
            return false;
        }
    }
}
