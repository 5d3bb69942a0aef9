package dev.wherry.daemon.snapshot.tar;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes an archive: ustar headers, preceded by a PAX header where a field does not fit. The same entries give the same
 * bytes, for ever: changing one here changes the digests of layers that others hold.
 */
public final class TarWriter {

    private static final byte[] MAGIC_AND_VERSION = "ustar\00000".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PAX_NAME = "././@PaxHeader".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ZEROS = new byte[2 * TarFields.BLOCK];

    private final OutputStream out;

    public TarWriter(OutputStream out) {
        this.out = out;
    }

    /** Begins an entry; for a regular file, exactly {@code size} bytes of content are to be written to the stream next. */
    public void begin(TarEntry entry) throws IOException {
        SortedMap<String, byte[]> records = records(entry);
        if (!records.isEmpty()) {
            byte[] data = Pax.write(records);
            byte[] block = new byte[TarFields.BLOCK];
            TarFields.put(block, TarFields.NAME, TarFields.NAME_SIZE, PAX_NAME);
            numbers(block, 0, 0, 0, data.length, 0);
            finish(block, 'x');
            out.write(data);
            end(data.length);
        }
        byte[] block = new byte[TarFields.BLOCK];
        TarFields.put(block, TarFields.NAME, TarFields.NAME_SIZE, entry.name());
        TarFields.put(block, TarFields.LINK_NAME, TarFields.NAME_SIZE, entry.linkName());
        numbers(
                block,
                entry.permissions(),
                Integer.toUnsignedLong(entry.uid()),
                Integer.toUnsignedLong(entry.gid()),
                entry.size(),
                entry.modified());
        TarFields.put(block, TarFields.MAJOR, TarFields.ID_SIZE, entry.major());
        TarFields.put(block, TarFields.MINOR, TarFields.ID_SIZE, entry.minor());
        finish(block, entry.type().flag);
    }

    /** Ends the content of an entry. */
    public void end(long size) throws IOException {
        out.write(ZEROS, 0, TarFields.padding(size));
    }

    /** Ends the archive. */
    public void finish() throws IOException {
        out.write(ZEROS);
    }

    private static SortedMap<String, byte[]> records(TarEntry entry) {
        SortedMap<String, byte[]> records = new TreeMap<>();
        if (entry.name().length > TarFields.NAME_SIZE) {
            records.put("path", entry.name());
        }
        if (entry.linkName().length > TarFields.NAME_SIZE) {
            records.put("linkpath", entry.linkName());
        }
        record(records, "uid", Integer.toUnsignedLong(entry.uid()), TarFields.ID_SIZE);
        record(records, "gid", Integer.toUnsignedLong(entry.gid()), TarFields.ID_SIZE);
        record(records, "size", entry.size(), TarFields.LONG_SIZE);
        record(records, "mtime", entry.modified(), TarFields.LONG_SIZE);
        entry.xattrs().forEach((name, value) -> records.put(Pax.XATTR + name, value));
        return records;
    }

    private static void record(SortedMap<String, byte[]> records, String key, long value, int size) {
        if (!TarFields.fits(value, size)) {
            records.put(key, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void numbers(byte[] block, int mode, long uid, long gid, long size, long modified) {
        TarFields.put(block, TarFields.MODE, TarFields.ID_SIZE, mode);
        TarFields.put(block, TarFields.UID, TarFields.ID_SIZE, uid);
        TarFields.put(block, TarFields.GID, TarFields.ID_SIZE, gid);
        TarFields.put(block, TarFields.SIZE, TarFields.LONG_SIZE, size);
        TarFields.put(block, TarFields.MTIME, TarFields.LONG_SIZE, modified);
    }

    private void finish(byte[] block, char type) throws IOException {
        block[TarFields.TYPE] = (byte) type;
        TarFields.put(block, TarFields.MAGIC, MAGIC_AND_VERSION.length, MAGIC_AND_VERSION);
        TarFields.put(block, TarFields.CHECKSUM, 7, TarFields.checksum(block, false));
        block[TarFields.CHECKSUM + 7] = ' ';
        out.write(block);
    }
}
