package dev.wherry.daemon.snapshot.tar;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncoding;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/**
 * Writes an archive: ustar headers, preceded by a PAX header where a field does not fit. The same entries give the same
 * bytes, for ever: changing one here changes the digests of layers that others hold.
 */
public final class TarWriter implements EntrySink {

    private static final String PAX_NAME = "././@PaxHeader";
    /** A name of 100 bytes would fit too, but without the NUL that some readers look for. */
    private static final int LONGEST_NAME = TarConstants.NAMELEN - 1;

    private static final long HIGHEST_ID = TarConstants.MAXID;
    private static final long HIGHEST_SIZE = TarConstants.MAXSIZE;

    private static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;
    private static final byte[] ZEROS = new byte[2 * BLOCK];
    /** In Latin-1 every byte is a character, so that names come out as they went in. */
    private static final ZipEncoding LATIN_1 = ZipEncodingHelper.getZipEncoding(StandardCharsets.ISO_8859_1.name());

    private final OutputStream out;
    private int padding;
    private long rest;

    public TarWriter(OutputStream out) {
        this.out = out;
    }

    @Override
    public void begin(TarEntry entry) throws IOException {
        out.write(header(entry));
        rest = entry.size();
        padding = padding(rest);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > rest) {
            throw new IOException("an entry has more content than its header says");
        }
        rest -= length;
        out.write(bytes, offset, length);
    }

    @Override
    public void end() throws IOException {
        if (rest > 0) {
            throw new IOException("an entry has less content than its header says");
        }
        out.write(ZEROS, 0, padding);
        padding = 0;
    }

    @Override
    public void finish() throws IOException {
        out.write(ZEROS);
        out.flush();
    }

    private static int padding(long size) {
        return (int) (-size & BLOCK - 1);
    }

    /** The bytes that precede the content of an entry. */
    static byte[] header(TarEntry entry) throws IOException {
        PaxRecords records = new PaxRecords();
        TarArchiveEntry header =
                new TarArchiveEntry(field(records, "path", entry.name()), (byte) entry.type().flag, true);
        header.setLinkName(field(records, "linkpath", entry.linkName()));
        header.setMode(entry.permissions());
        header.setUserId(field(records, "uid", Integer.toUnsignedLong(entry.uid()), HIGHEST_ID));
        header.setGroupId(field(records, "gid", Integer.toUnsignedLong(entry.gid()), HIGHEST_ID));
        field(records, "size", entry.size(), HIGHEST_SIZE);
        header.setSize(entry.size());
        header.setLastModifiedTime(
                FileTime.from(field(records, "mtime", entry.modified(), HIGHEST_SIZE), TimeUnit.SECONDS));
        header.setDevMajor(entry.major());
        header.setDevMinor(entry.minor());
        entry.xattrs().forEach((name, value) -> records.put(PaxRecords.XATTR + name, value));
        return records.isEmpty() ? block(header) : concat(extended(records.bytes()), block(header));
    }

    private static byte[] extended(byte[] records) throws IOException {
        TarArchiveEntry header = new TarArchiveEntry(PAX_NAME, TarConstants.LF_PAX_EXTENDED_HEADER_LC, true);
        header.setMode(0);
        header.setSize(records.length);
        header.setLastModifiedTime(FileTime.fromMillis(0));
        return concat(block(header), Arrays.copyOf(records, records.length + padding(records.length)));
    }

    /** A size that is too large for its field is written as star does: readers go by it, besides the record. */
    private static byte[] block(TarArchiveEntry header) throws IOException {
        byte[] block = new byte[BLOCK];
        header.writeEntryHeader(block, LATIN_1, true);
        return block;
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    /** What a header says of a name: its beginning, when the whole is too long and goes into a record. */
    private static String field(PaxRecords records, String keyword, byte[] name) {
        byte[] fitting = name;
        if (name.length > LONGEST_NAME) {
            records.put(keyword, name);
            // Whoever goes by the header must not take a file for a folder because of where its name is cut.
            fitting = Arrays.copyOf(name, name[LONGEST_NAME - 1] == '/' ? LONGEST_NAME - 1 : LONGEST_NAME);
        }
        return new String(fitting, StandardCharsets.ISO_8859_1);
    }

    /** What a header says of a number: nothing, when it is too large or negative and goes into a record. */
    private static long field(PaxRecords records, String keyword, long number, long highest) {
        if (number >= 0 && number <= highest) {
            return number;
        }
        records.put(keyword, Long.toString(number).getBytes(StandardCharsets.US_ASCII));
        return 0;
    }
}
