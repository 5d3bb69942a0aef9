package dev.wherry.daemon.snapshot.tar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/** The records of a PAX header, {@code LENGTH KEYWORD=VALUE\n}, with their values as bytes. */
final class PaxRecords {

    static final String XATTR = "SCHILY.xattr.";

    private final SortedMap<String, byte[]> values;

    PaxRecords() {
        this(new TreeMap<>());
    }

    private PaxRecords(SortedMap<String, byte[]> values) {
        this.values = values;
    }

    /** These as defaults, to which those of one entry are added. */
    PaxRecords copy() {
        return new PaxRecords(new TreeMap<>(values));
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    void put(String keyword, byte[] value) {
        values.put(keyword, value);
    }

    byte[] get(String keyword, byte[] otherwise) {
        return values.getOrDefault(keyword, otherwise);
    }

    SortedMap<String, byte[]> xattrs() {
        SortedMap<String, byte[]> xattrs = new TreeMap<>();
        values.tailMap(XATTR).forEach((keyword, value) -> {
            if (keyword.startsWith(XATTR)) {
                xattrs.put(keyword.substring(XATTR.length()), value);
            }
        });
        return xattrs;
    }

    /** Adds the records in these bytes. */
    void read(byte[] data) throws IOException {
        int at = 0;
        while (at < data.length && data[at] != 0) {
            int space = indexOf(data, ' ', at, Math.min(data.length, at + 10));
            int end = at + length(new String(data, at, space - at, StandardCharsets.US_ASCII));
            if (end <= space || end > data.length || data[end - 1] != '\n') {
                throw new IOException("a record in a PAX header has another length than it says");
            }
            int equals = indexOf(data, '=', space + 1, end);
            String keyword = new String(data, space + 1, equals - space - 1, StandardCharsets.UTF_8);
            byte[] value = Arrays.copyOfRange(data, equals + 1, end - 1);
            if (value.length == 0 && !keyword.startsWith(XATTR)) {
                // It takes back what a global header said; an attribute's value may be empty in earnest.
                values.remove(keyword);
            } else {
                values.put(keyword, value);
            }
            at = end;
        }
    }

    private static int length(String digits) throws IOException {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException failure) {
            throw new IOException("a record in a PAX header does not begin with its length", failure);
        }
    }

    private static int indexOf(byte[] data, char wanted, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            if (data[i] == wanted) {
                return i;
            }
        }
        throw new IOException("a record in a PAX header has no '" + wanted + "' where one belongs");
    }

    /** The content of a PAX header, in the order of the keywords. */
    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        values.forEach((keyword, value) -> {
            byte[] start = (" " + keyword + "=").getBytes(StandardCharsets.UTF_8);
            int rest = start.length + value.length + 1;
            int length = rest + digits(rest);
            // The length counts its own digits, and may gain one by it.
            length = rest + digits(length);
            out.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(start);
            out.writeBytes(value);
            out.write('\n');
        });
        return out.toByteArray();
    }

    private static int digits(int number) {
        return Integer.toString(number).length();
    }
}
