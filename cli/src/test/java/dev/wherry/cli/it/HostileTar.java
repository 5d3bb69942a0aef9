package dev.wherry.cli.it;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Tar archives that no tar program would make. */
final class HostileTar {

    private static final int BLOCK = 512;

    private HostileTar() {}

    /** An archive of these entries. */
    static byte[] of(byte[]... entries) {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            tar.writeBytes(entry);
        }
        tar.writeBytes(new byte[2 * BLOCK]);
        return tar.toByteArray();
    }

    static byte[] file(String name, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        byte[] entry = Arrays.copyOf(header(name, '0', "", bytes.length), 2 * BLOCK);
        System.arraycopy(bytes, 0, entry, BLOCK, bytes.length);
        return entry;
    }

    static byte[] symlink(String name, String target) {
        return header(name, '2', target, 0);
    }

    static byte[] link(String name, String target) {
        return header(name, '1', target, 0);
    }

    /** A block device. */
    static byte[] device(String name, int major, int minor) {
        byte[] header = header(name, '4', "", 0);
        text(header, 329, "%07o".formatted(major));
        text(header, 337, "%07o".formatted(minor));
        return sealed(header);
    }

    static byte[] header(String name, char type, String target, long size) {
        byte[] header = new byte[BLOCK];
        text(header, 0, name);
        text(header, 100, "0000644");
        text(header, 108, "0000000");
        text(header, 116, "0000000");
        if (size < 1L << 33) {
            text(header, 124, "%011o".formatted(size));
        } else {
            header[124] = (byte) 0x80;
            for (int i = 0; i < 8; i++) {
                header[135 - i] = (byte) (size >>> 8 * i);
            }
        }
        text(header, 136, "00000000000");
        header[156] = (byte) type;
        text(header, 157, target);
        text(header, 257, "ustar\00000");
        return sealed(header);
    }

    private static byte[] sealed(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        text(header, 148, "%06o\0 ".formatted(sum));
        return header;
    }

    private static void text(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }
}
