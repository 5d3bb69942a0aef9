package dev.wherry.daemon.linux;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Copies the content of files in the kernel, which shares it where the file system can: see {@link Reflinks}. */
public final class KernelCopy {

    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> CREATE = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

    private KernelCopy() {}

    /**
     * Makes a file with the content of another.
     *
     * @param size of the source; of one that becomes shorter meanwhile, what there is
     */
    public static void copy(Path source, Path target, long size) throws IOException {
        try (FileChannel from = FileChannel.open(source, READ);
                FileChannel to = FileChannel.open(target, CREATE)) {
            long copied = 0;
            while (copied < size) {
                long count = from.transferTo(copied, size - copied, to);
                if (count <= 0) {
                    break;
                }
                copied += count;
            }
        }
    }
}
