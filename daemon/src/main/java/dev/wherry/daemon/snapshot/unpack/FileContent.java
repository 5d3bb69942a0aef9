package dev.wherry.daemon.snapshot.unpack;

import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.daemon.snapshot.tar.TarEntry.Extent;
import dev.wherry.daemon.snapshot.tar.TarReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Writes the content of regular files from a tar stream, through one buffer. */
final class FileContent {

    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

    private final byte[] buffer = new byte[1 << 18];

    void write(Path path, TarEntry entry, TarReader tar) throws IOException {
        try (FileChannel file = FileChannel.open(path, NEW)) {
            if (entry.extents().isEmpty()) {
                copy(tar, file, Long.MAX_VALUE);
            }
            for (Extent extent : entry.extents()) {
                tar.skip(extent.offset() - file.position());
                file.position(extent.offset());
                copy(tar, file, extent.length());
            }
            if (file.size() < entry.size()) {
                // The file ends in a hole.
                file.write(ByteBuffer.allocate(1), entry.size() - 1);
            }
        }
    }

    private void copy(TarReader tar, FileChannel file, long length) throws IOException {
        long rest = length;
        while (rest > 0) {
            int read = tar.read(buffer, 0, (int) Math.min(rest, buffer.length));
            if (read < 0) {
                return;
            }
            for (ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read); bytes.hasRemaining(); ) {
                file.write(bytes);
            }
            rest -= read;
        }
    }
}
