package dev.wherry.daemon.snapshot.tar;

import dev.wherry.daemon.error.CorruptContentException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** PAX records: {@code LENGTH KEYWORD=VALUE\n}, which replace or add to the fields of the next header. */
final class Pax {

    static final String XATTR = "SCHILY.xattr.";
    static final String SPARSE_OFFSET = "GNU.sparse.offset";
    static final String SPARSE_LENGTH = "GNU.sparse.numbytes";

    private final SortedMap<String, byte[]> records;
    /** Offsets and lengths of sparse format 0.0, which repeats its keywords. */
    final List<Long> sparse = new ArrayList<>();

    Pax() {
        this(new TreeMap<>());
    }

    private Pax(SortedMap<String, byte[]> records) {
        this.records = records;
    }

    /** These records as defaults, to which those of one entry are added. */
    Pax copy() {
        return new Pax(new TreeMap<>(records));
    }

    void read(byte[] data) {
        int at = 0;
        while (at < data.length && data[at] != 0) {
            int space = indexOf(data, ' ', at, Math.min(data.length, at + 10));
            int end = at + (int) decimal(Arrays.copyOfRange(data, at, space));
            if (end <= space || end > data.length || data[end - 1] != '\n') {
                throw damaged();
            }
            int equals = indexOf(data, '=', space + 1, end);
            put(
                    new String(data, space + 1, equals - space - 1, StandardCharsets.UTF_8),
                    Arrays.copyOfRange(data, equals + 1, end - 1));
            at = end;
        }
    }

    private void put(String key, byte[] value) {
        if (key.equals(SPARSE_OFFSET) || key.equals(SPARSE_LENGTH)) {
            sparse.add(decimal(value));
        } else if (value.length == 0 && !key.startsWith(XATTR)) {
            // An empty value takes back what a global header said; an attribute's may be empty in earnest.
            records.remove(key);
        } else {
            records.put(key, value);
        }
    }

    byte[] bytes(String key, byte[] otherwise) {
        return records.getOrDefault(key, otherwise);
    }

    boolean has(String key) {
        return records.containsKey(key);
    }

    /** A decimal number; a fraction is left out. */
    long number(String key, long otherwise) {
        byte[] value = records.get(key);
        if (value == null) {
            return otherwise;
        }
        int dot = dot(value);
        return decimal(Arrays.copyOf(value, dot));
    }

    /** The fraction of a decimal number, in billionths towards zero. */
    int nanos(String key) {
        byte[] value = records.getOrDefault(key, new byte[0]);
        int nanos = 0;
        int digit = 100_000_000;
        for (int i = dot(value) + 1; i < value.length && digit > 0; i++, digit /= 10) {
            if (value[i] < '0' || value[i] > '9') {
                throw damaged();
            }
            nanos += (value[i] - '0') * digit;
        }
        return nanos;
    }

    private static int dot(byte[] value) {
        int dot = 0;
        while (dot < value.length && value[dot] != '.') {
            dot++;
        }
        return dot;
    }

    SortedMap<String, byte[]> xattrs() {
        SortedMap<String, byte[]> xattrs = new TreeMap<>();
        records.tailMap(XATTR).forEach((key, value) -> {
            if (key.startsWith(XATTR)) {
                xattrs.put(key.substring(XATTR.length()), value);
            }
        });
        return xattrs;
    }

    /** The bytes of records, in the order of their keywords. */
    static byte[] write(SortedMap<String, byte[]> records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        records.forEach((key, value) -> {
            byte[] keyword = key.getBytes(StandardCharsets.UTF_8);
            int rest = keyword.length + value.length + 3;
            int length = rest + digits(rest);
            // The length counts its own digits, and may gain one by it.
            length = rest + digits(length);
            out.writeBytes((length + " ").getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(keyword);
            out.write('=');
            out.writeBytes(value);
            out.write('\n');
        });
        return out.toByteArray();
    }

    private static int digits(int number) {
        return Integer.toString(number).length();
    }

    static long decimal(byte[] value) {
        try {
            return Long.parseLong(new String(value, StandardCharsets.US_ASCII));
        } catch (NumberFormatException failure) {
            throw damaged();
        }
    }

    private static int indexOf(byte[] data, char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] == wanted) {
                return i;
            }
        }
        throw damaged();
    }

    private static CorruptContentException damaged() {
        return new CorruptContentException("the tar stream is damaged: an extended header is malformed");
    }
}
