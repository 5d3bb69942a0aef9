package dev.wherry.daemon.snapshot.tar;

import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.snapshot.tar.TarEntry.Extent;
import dev.wherry.daemon.snapshot.tar.TarEntry.Type;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads an archive entry by entry: ustar, PAX and GNU formats, sparse files included. Nothing of it is trusted: a stream
 * that breaks off or is malformed is a {@link CorruptContentException}, and no header may claim more memory than its
 * limit.
 */
public final class TarReader {

    private static final byte[] USTAR = "ustar\0".getBytes(StandardCharsets.US_ASCII);

    private final InputStream in;
    private final int longestHeader;
    private Pax global = new Pax();
    /** Bytes of the present entry's content that have not been read. */
    private long remaining;

    private int padding;
    private boolean first = true;
    private boolean ended;

    /** @param longestHeader bytes of names, attributes and other extended headers of one entry at most */
    public TarReader(InputStream in, int longestHeader) {
        this.in = in;
        this.longestHeader = longestHeader;
    }

    /** Skips what is left of the present entry's content and reads the next entry, if there is one. */
    public Optional<TarEntry> next() {
        Pax pax = global.copy();
        byte[] longName = null;
        byte[] longLink = null;
        while (true) {
            skipContent();
            byte[] header = header();
            if (header == null) {
                return Optional.empty();
            }
            content(TarFields.number(header, TarFields.SIZE, TarFields.LONG_SIZE));
            switch (header[TarFields.TYPE]) {
                case 'x', 'X' -> pax.read(extended());
                case 'g' -> {
                    byte[] records = extended();
                    global.read(records);
                    pax.read(records);
                }
                case 'L' -> longName = withoutNul(extended());
                case 'K' -> longLink = withoutNul(extended());
                case 'V' -> {
                    // A volume's name, for people.
                }
                default -> {
                    return Optional.of(entry(header, pax, longName, longLink));
                }
            }
        }
    }

    /** Reads content of the present entry, as read of an input stream does; -1 at its end. */
    public int read(byte[] buffer, int offset, int length) {
        if (remaining == 0) {
            return -1;
        }
        int read = readSome(buffer, offset, (int) Math.min(length, remaining));
        if (read < 0) {
            throw truncated();
        }
        remaining -= read;
        return read;
    }

    /** Whether the mark that ends an archive has been read, so that nothing is missing. */
    public boolean ended() {
        return ended;
    }

    private TarEntry entry(byte[] header, Pax pax, byte[] longName, byte[] longLink) {
        byte[] name = pax.bytes("GNU.sparse.name", pax.bytes("path", longName == null ? name(header) : longName));
        char flag = (char) header[TarFields.TYPE];
        Type type = type(flag, name);
        remaining = pax.number("size", remaining);
        if (type != Type.FILE) {
            // Some archivers give the size of a linked file here; no content follows.
            remaining = 0;
        }
        content(remaining);
        long size = remaining;
        List<Extent> extents = List.of();
        if (flag == 'S') {
            size = SparseMaps.gnuSize(header);
            extents = SparseMaps.gnu(header, this::block, size);
        } else if (type == Type.FILE) {
            size = pax.number("GNU.sparse.realsize", pax.number("GNU.sparse.size", size));
            extents = paxExtents(pax, size);
        }
        if (!extents.isEmpty() && extents.stream().mapToLong(Extent::length).sum() != remaining) {
            throw new CorruptContentException("the tar stream is damaged: the map of a sparse file is not of its size");
        }
        return new TarEntry(
                name,
                type,
                pax.bytes(
                        "linkpath",
                        longLink == null
                                ? TarFields.bytes(header, TarFields.LINK_NAME, TarFields.NAME_SIZE)
                                : longLink),
                (int) TarFields.number(header, TarFields.MODE, TarFields.ID_SIZE) & 07777,
                id(pax.number("uid", TarFields.number(header, TarFields.UID, TarFields.ID_SIZE))),
                id(pax.number("gid", TarFields.number(header, TarFields.GID, TarFields.ID_SIZE))),
                size,
                modified(pax, header),
                nanos(pax),
                device(header, type, TarFields.MAJOR),
                device(header, type, TarFields.MINOR),
                pax.xattrs(),
                extents);
    }

    private List<Extent> paxExtents(Pax pax, long size) {
        if (pax.has("GNU.sparse.major")) {
            return SparseMaps.lines(
                    () -> {
                        if (remaining < TarFields.BLOCK) {
                            throw truncated();
                        }
                        remaining -= TarFields.BLOCK;
                        return block();
                    },
                    size);
        }
        if (pax.has("GNU.sparse.map")) {
            return SparseMaps.list(pax.bytes("GNU.sparse.map", null), size);
        }
        return SparseMaps.extents(pax.sparse, size);
    }

    private static byte[] name(byte[] header) {
        byte[] name = TarFields.bytes(header, TarFields.NAME, TarFields.NAME_SIZE);
        if (!Arrays.equals(header, TarFields.MAGIC, TarFields.MAGIC + USTAR.length, USTAR, 0, USTAR.length)) {
            return name;
        }
        byte[] prefix = TarFields.bytes(header, TarFields.PREFIX, TarFields.PREFIX_SIZE);
        if (prefix.length == 0) {
            return name;
        }
        byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
        whole[prefix.length] = '/';
        System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
        return whole;
    }

    private static Type type(char flag, byte[] name) {
        return switch (flag) {
            // The oldest archives tell a directory by its final slash only.
            case '0', '\0' -> name.length > 0 && name[name.length - 1] == '/' ? Type.DIRECTORY : Type.FILE;
            case '7', 'S' -> Type.FILE;
            case '1' -> Type.HARD_LINK;
            case '2' -> Type.SYMLINK;
            case '3' -> Type.CHARACTER;
            case '4' -> Type.BLOCK;
            case '5' -> Type.DIRECTORY;
            case '6' -> Type.FIFO;
            default ->
                throw new InvalidInputException("tar entry \"" + new String(name, StandardCharsets.UTF_8)
                        + "\" is of type '" + flag + "', which is no file");
        };
    }

    private static int id(long id) {
        if (id < 0 || id >>> 32 != 0) {
            throw new CorruptContentException("the tar stream is damaged: " + id + " is no user or group ID");
        }
        return (int) id;
    }

    private static int device(byte[] header, Type type, int offset) {
        boolean isDevice = type == Type.CHARACTER || type == Type.BLOCK;
        return isDevice ? (int) TarFields.number(header, offset, TarFields.ID_SIZE) : 0;
    }

    /** Seconds, rounded down, so that what {@link #nanos} gives is added to them. */
    private static long modified(Pax pax, byte[] header) {
        long seconds = pax.number("mtime", TarFields.number(header, TarFields.MTIME, TarFields.LONG_SIZE));
        return isBeforeWhole(pax) ? seconds - 1 : seconds;
    }

    private static int nanos(Pax pax) {
        int nanos = pax.nanos("mtime");
        return isBeforeWhole(pax) ? 1_000_000_000 - nanos : nanos;
    }

    private static boolean isBeforeWhole(Pax pax) {
        return pax.nanos("mtime") != 0 && pax.bytes("mtime", null)[0] == '-';
    }

    private byte[] extended() {
        if (remaining > longestHeader) {
            throw new InvalidInputException("a tar entry has " + remaining + " bytes of extended headers; "
                    + longestHeader + " are the most that is accepted");
        }
        byte[] data = new byte[(int) remaining];
        readFully(data);
        remaining = 0;
        return data;
    }

    private void content(long size) {
        if (size < 0) {
            throw new CorruptContentException("the tar stream is damaged: an entry has a negative size");
        }
        remaining = size;
        padding = TarFields.padding(size);
    }

    private static byte[] withoutNul(byte[] data) {
        return TarFields.bytes(data, 0, data.length);
    }

    /** The next header, or null when the archive ends here. */
    private byte[] header() {
        if (ended) {
            return null;
        }
        byte[] header = new byte[TarFields.BLOCK];
        int read = readSome(header, 0, header.length);
        if (read < 0) {
            return null;
        }
        readFully(header, read);
        if (TarFields.isZero(header)) {
            ended = true;
            return null;
        }
        checkSum(header);
        first = false;
        return header;
    }

    private void checkSum(byte[] header) {
        long sum = -1;
        try {
            sum = TarFields.number(header, TarFields.CHECKSUM, 8);
        } catch (CorruptContentException notEvenNumber) {
            // Then it is not the sum either.
        }
        if (sum != TarFields.checksum(header, false) && sum != TarFields.checksum(header, true)) {
            throw new CorruptContentException(
                    first ? "this is not a tar archive" : "the tar stream is damaged: a header has a wrong checksum");
        }
    }

    private byte[] block() {
        byte[] block = new byte[TarFields.BLOCK];
        readFully(block);
        return block;
    }

    private void skipContent() {
        long rest = remaining + padding;
        remaining = 0;
        padding = 0;
        byte[] buffer = rest == 0 ? null : new byte[(int) Math.min(rest, 1 << 16)];
        while (rest > 0) {
            int read = readSome(buffer, 0, (int) Math.min(rest, buffer.length));
            if (read < 0) {
                throw truncated();
            }
            rest -= read;
        }
    }

    private void readFully(byte[] buffer) {
        readFully(buffer, 0);
    }

    private void readFully(byte[] buffer, int from) {
        int at = from;
        while (at < buffer.length) {
            int read = readSome(buffer, at, buffer.length - at);
            if (read < 0) {
                throw truncated();
            }
            at += read;
        }
    }

    private int readSome(byte[] buffer, int offset, int length) {
        try {
            return in.read(buffer, offset, length);
        } catch (IOException failure) {
            throw new CorruptContentException("the tar stream breaks off: " + failure.getMessage(), failure);
        }
    }

    private static CorruptContentException truncated() {
        return new CorruptContentException("the tar stream breaks off in the middle of an entry");
    }
}
