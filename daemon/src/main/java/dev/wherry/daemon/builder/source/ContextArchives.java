package dev.wherry.daemon.builder.source;

import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.image.compression.Decompression;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.daemon.snapshot.tar.TarReader;
import dev.wherry.daemon.snapshot.unpack.ArchiveUnpacking;
import dev.wherry.daemon.snapshot.unpack.UnpackLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Archives that are build contexts: tar, as it is or compressed. */
final class ContextArchives {

    private static final ArchiveUnpacking.Owner ROOT = new ArchiveUnpacking.Owner(0, 0);

    private ContextArchives() {}

    /** Whether a stream is one; it is used up. */
    static boolean isOne(InputStream stream) throws IOException {
        try {
            InputStream plain = Decompression.of("the archive", stream, _ -> {});
            return new TarReader(plain, UnpackLimits.DEFAULT.headerBytes())
                    .next()
                    .isPresent();
        } catch (WherryException somethingElse) {
            return false;
        }
    }

    /** When the newest regular file of an archive was written; empty for a stream that is none. */
    static Optional<Instant> newest(InputStream stream) throws IOException {
        Optional<Instant> newest = Optional.empty();
        try {
            TarReader tar =
                    new TarReader(Decompression.of("the archive", stream, _ -> {}), UnpackLimits.DEFAULT.headerBytes());
            for (Optional<TarEntry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
                Instant time = Instant.ofEpochSecond(entry.get().modified());
                boolean newer = newest.isEmpty() || time.isAfter(newest.get());
                if (newer && entry.get().type() == TarEntry.Type.FILE) {
                    newest = Optional.of(time);
                }
            }
            return newest;
        } catch (WherryException somethingElse) {
            return Optional.empty();
        }
    }

    /**
     * Unpacks one into an empty folder. All files are root's: whose they were means nothing here.
     *
     * @param what names it in messages
     * @throws ExhaustedException when it unpacks to more than the limits allow
     * @throws InvalidInputException when it names what is not in it
     */
    static void unpack(String what, InputStream stream, Path folder, FetchLimits limits) throws IOException {
        UnpackLimits bounds = new UnpackLimits(limits.files(), limits.bytes(), UnpackLimits.DEFAULT.headerBytes());
        new ArchiveUnpacking(folder, Optional.of(ROOT), bounds).run(Decompression.of(what, stream, _ -> {}));
    }
}
