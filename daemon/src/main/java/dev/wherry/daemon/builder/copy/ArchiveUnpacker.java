package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.image.compression.Decompression;
import dev.wherry.daemon.snapshot.tar.TarReader;
import dev.wherry.daemon.snapshot.unpack.ArchiveUnpacking;
import dev.wherry.daemon.snapshot.unpack.UnpackLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** The archives that ADD unpacks: tar, as it is or compressed by gzip, bzip2, xz or zstd. */
final class ArchiveUnpacker {

    private ArchiveUnpacker() {}

    /** Whether a regular file is one, by its content: its name does not matter. */
    static boolean isArchive(Path file) throws IOException {
        try (InputStream in = open(file)) {
            return new TarReader(in, UnpackLimits.DEFAULT.headerBytes()).next().isPresent();
        } catch (WherryException somethingElse) {
            return false;
        }
    }

    /**
     * Unpacks an archive among what is in a directory: directories are merged, anything else is replaced. Nothing
     * outside the directory is read or written, whatever the archive says.
     *
     * @param directory exists, and no other process changes it meanwhile
     * @param owner of all that is unpacked; empty for what the archive says
     * @throws CorruptContentException when the archive is damaged
     * @throws dev.wherry.daemon.error.InvalidInputException naming the entry that would leave the directory, or cannot be
     * @throws dev.wherry.daemon.error.ExhaustedException when it unpacks to absurdly much, or the disk is full
     */
    static void unpack(Path archive, Path directory, Optional<Owner> owner, UnpackLimits limits) throws IOException {
        Optional<ArchiveUnpacking.Owner> asked =
                owner.map(known -> new ArchiveUnpacking.Owner(known.uid(), known.gid()));
        try (InputStream in = open(archive)) {
            new ArchiveUnpacking(directory, asked, limits).run(in);
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
        try {
            return Decompression.of("the archive", in, _ -> {});
        } catch (Throwable failure) {
            in.close();
            throw failure;
        }
    }
}
