package dev.wherry.daemon.snapshot.tar;

import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.snapshot.tar.TarEntry.Extent;
import dev.wherry.daemon.snapshot.tar.TarEntry.Type;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Reads an archive entry by entry: ustar, PAX and GNU formats, sparse files included. Nothing of it is trusted: a stream
 * that breaks off or is malformed is a {@link CorruptContentException}, and no header may claim more memory than its
 * limit.
 */
public final class TarReader {

    private static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;

    private final HeaderRecorder in;
    /** In Latin-1, in which every byte is a character, so that names come out as they went in. */
    private final TarArchiveInputStream tar;

    private final TarOutline outline = new TarOutline();
    private final PaxRecords global = new PaxRecords();
    private boolean first = true;
    private boolean ended;

    /** @param longestHeader bytes of names, attributes and other extended headers of one entry at most */
    public TarReader(InputStream in, int longestHeader) {
        // Two blocks come with every entry: the padding of the one before and the header itself.
        this.in = new HeaderRecorder(in, longestHeader + 2 * BLOCK);
        this.tar = new TarArchiveInputStream(this.in, BLOCK, StandardCharsets.ISO_8859_1.name());
    }

    private interface Reading<T> {
        T run() throws IOException;
    }

    /** Skips what is left of the present entry's content and reads the next entry, if there is one. */
    public Optional<TarEntry> next() {
        return read(() -> {
            TarArchiveEntry entry;
            PaxRecords records;
            do {
                if (!first) {
                    tar.skip(Long.MAX_VALUE);
                }
                int padding = (int) (-in.position() & BLOCK - 1);
                in.start();
                entry = tar.getNextEntry();
                byte[] headers = in.stop();
                if (entry == null) {
                    end(headers, padding);
                    outline.end(headers, padding, in.position());
                    return Optional.empty();
                }
                if (!entry.isCheckSumOK()) {
                    throw new IOException("a header has a wrong checksum");
                }
                outline.header(headers, padding);
                records = records(headers, padding);
                first = false;
                // A volume's name is for people.
            } while (entry.getLinkFlag() == 'V');
            return Optional.of(entry(entry, records));
        });
    }

    /** Reads content of the present entry, as read of an input stream does; -1 at its end. Holes are zeros. */
    public int read(byte[] buffer, int offset, int length) {
        return read(() -> tar.read(buffer, offset, length));
    }

    /** Goes on by this many bytes in the present entry's content. */
    public void skip(long length) {
        read(() -> {
            if (tar.skip(length) != length) {
                throw new IOException("a sparse file is shorter than its map");
            }
            return null;
        });
    }

    /** Whether the mark that ends an archive has been read, so that nothing is missing. */
    public boolean ended() {
        return ended;
    }

    /** The outline of all that was read, once no entry follows. */
    public TarOutline outline() {
        return outline;
    }

    private <T> T read(Reading<T> reading) {
        try {
            return reading.run();
        } catch (WherryException failure) {
            throw failure;
        } catch (IOException | RuntimeException failure) {
            throw new CorruptContentException(
                    first ? "this is not a tar archive" : "the tar stream is damaged: " + failure.getMessage(),
                    failure);
        } catch (StackOverflowError recursion) {
            // The library calls itself for every header and every hole.
            throw new CorruptContentException(
                    "the tar stream is damaged: an entry has too many headers or holes", recursion);
        }
    }

    private void end(byte[] headers, int padding) throws IOException {
        if (headers.length >= padding + BLOCK) {
            ended = true;
        } else if (headers.length != padding && headers.length != 0) {
            throw new IOException("it breaks off");
        }
    }

    /** Finds the PAX records of an entry in the bytes of its headers. */
    private PaxRecords records(byte[] headers, int padding) throws IOException {
        if (headers.length <= padding + BLOCK) {
            return global;
        }
        PaxRecords records = global.copy();
        int at = padding;
        while (at + BLOCK < headers.length) {
            TarArchiveEntry header = new TarArchiveEntry(Arrays.copyOfRange(headers, at, at + BLOCK));
            if (!header.isCheckSumOK()) {
                throw new IOException("a header has a wrong checksum");
            }
            boolean isName = header.isGNULongNameEntry() || header.isGNULongLinkEntry();
            if (!header.isPaxHeader() && !header.isGlobalPaxHeader() && !isName) {
                break;
            }
            int start = at + BLOCK;
            int end = start + Math.toIntExact(header.getSize());
            byte[] content = Arrays.copyOfRange(headers, start, end);
            if (header.isGlobalPaxHeader()) {
                global.read(content);
            }
            if (!isName) {
                records.read(content);
            }
            at = end + (-content.length & BLOCK - 1);
        }
        return records;
    }

    private static TarEntry entry(TarArchiveEntry entry, PaxRecords records) throws IOException {
        byte[] name = records.get("GNU.sparse.name", records.get("path", bytes(entry.getName())));
        Type type = type(entry, name);
        boolean isDevice = type == Type.CHARACTER || type == Type.BLOCK;
        var modified = entry.getLastModifiedTime().toInstant();
        return new TarEntry(
                name,
                type,
                records.get("linkpath", bytes(entry.getLinkName())),
                entry.getMode() & 07777,
                id(entry.getLongUserId()),
                id(entry.getLongGroupId()),
                type == Type.FILE ? entry.getRealSize() : 0,
                modified.getEpochSecond(),
                modified.getNano(),
                isDevice ? entry.getDevMajor() : 0,
                isDevice ? entry.getDevMinor() : 0,
                records.xattrs(),
                entry.isSparse() ? extents(entry) : List.of());
    }

    private static List<Extent> extents(TarArchiveEntry entry) throws IOException {
        return entry.getOrderedSparseHeaders().stream()
                .map(part -> new Extent(part.getOffset(), part.getNumbytes()))
                .toList();
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Type type(TarArchiveEntry entry, byte[] name) {
        return switch (entry.getLinkFlag()) {
            case TarConstants.LF_OLDNORM,
                    TarConstants.LF_NORMAL,
                    TarConstants.LF_CONTIG,
                    TarConstants.LF_GNUTYPE_SPARSE ->
                // The oldest archives tell a directory by its final slash only.
                entry.isDirectory() ? Type.DIRECTORY : Type.FILE;
            case TarConstants.LF_LINK -> Type.HARD_LINK;
            case TarConstants.LF_SYMLINK -> Type.SYMLINK;
            case TarConstants.LF_CHR -> Type.CHARACTER;
            case TarConstants.LF_BLK -> Type.BLOCK;
            case TarConstants.LF_DIR -> Type.DIRECTORY;
            case TarConstants.LF_FIFO -> Type.FIFO;
            default ->
                throw new InvalidInputException("tar entry \"" + new String(name, StandardCharsets.UTF_8)
                        + "\" is of type '" + (char) entry.getLinkFlag() + "', which is no file");
        };
    }

    /** User and group IDs are the kernel's unsigned 32 bits; old headers give the upper half of them as negative. */
    private static int id(long id) throws IOException {
        if (id < Integer.MIN_VALUE || id >>> 32 > 0 && id > 0) {
            throw new IOException(id + " is no user or group ID");
        }
        return (int) id;
    }
}
