package dev.wherry.daemon.snapshot.tar;

import dev.wherry.daemon.error.CorruptContentException;
import java.util.Arrays;

/** The 512 bytes of a tar header: where its fields are and how they are written (POSIX pax, "ustar Interchange Format"). */
final class TarFields {

    static final int BLOCK = 512;

    static final int NAME = 0;
    static final int NAME_SIZE = 100;
    static final int MODE = 100;
    static final int UID = 108;
    static final int GID = 116;
    static final int ID_SIZE = 8;
    static final int SIZE = 124;
    static final int MTIME = 136;
    static final int LONG_SIZE = 12;
    static final int CHECKSUM = 148;
    static final int TYPE = 156;
    static final int LINK_NAME = 157;
    static final int MAGIC = 257;
    static final int MAJOR = 329;
    static final int MINOR = 337;
    static final int PREFIX = 345;
    static final int PREFIX_SIZE = 155;

    private TarFields() {}

    /** Bytes up to the first NUL or the end of the field. */
    static byte[] bytes(byte[] block, int offset, int size) {
        int end = offset;
        while (end < offset + size && block[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(block, offset, end);
    }

    /** A number in octal digits, or, when the first bit is set, in binary, most significant byte first. */
    static long number(byte[] block, int offset, int size) {
        if (block[offset] < 0) {
            return binary(block, offset, size);
        }
        long value = 0;
        boolean digits = false;
        for (int i = offset; i < offset + size; i++) {
            byte b = block[i];
            if (b >= '0' && b <= '7' && value >>> 60 == 0) {
                value = value << 3 | b - '0';
                digits = true;
            } else if (b == 0 || b == ' ') {
                if (digits) {
                    break;
                }
            } else {
                throw new CorruptContentException(
                        "the tar stream is damaged: a header holds no number where one belongs");
            }
        }
        return value;
    }

    private static long binary(byte[] block, int offset, int size) {
        long value = (block[offset] & 0x40) != 0 ? -1 : 0;
        for (int i = offset; i < offset + size; i++) {
            int b = i == offset ? block[i] & 0x7f | (value < 0 ? 0x80 : 0) : block[i] & 0xff;
            long next = value << 8 | b;
            if (next >> 8 != value) {
                throw new CorruptContentException("the tar stream is damaged: a header holds a number beyond 64 bits");
            }
            value = next;
        }
        return value;
    }

    /** Whether a number can be written in octal digits and a NUL. */
    static boolean fits(long value, int size) {
        return value >= 0 && value >>> 3 * (size - 1) == 0;
    }

    /** Writes a number in octal digits and a NUL; one that does not fit is written as 0, for a PAX record to replace. */
    static void put(byte[] block, int offset, int size, long value) {
        long rest = fits(value, size) ? value : 0;
        for (int i = offset + size - 2; i >= offset; i--) {
            block[i] = (byte) ('0' + (rest & 7));
            rest >>>= 3;
        }
        block[offset + size - 1] = 0;
    }

    static void put(byte[] block, int offset, int size, byte[] value) {
        System.arraycopy(value, 0, block, offset, Math.min(size, value.length));
    }

    /** The sum of a header's bytes, those of the sum itself taken as spaces. */
    static int checksum(byte[] block, boolean signed) {
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= CHECKSUM && i < CHECKSUM + 8 ? (byte) ' ' : block[i];
            sum += signed ? b : b & 0xff;
        }
        return sum;
    }

    static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** What fills up the last block of a content of this size. */
    static int padding(long size) {
        return (int) (-size & BLOCK - 1);
    }
}
