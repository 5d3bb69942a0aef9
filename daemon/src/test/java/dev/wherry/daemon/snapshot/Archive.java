package dev.wherry.daemon.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A tar archive made by another program's code than the one that reads it here. */
final class Archive {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

    Archive() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    Archive file(String name, String content) {
        return entry(name, '0', content.getBytes(UTF_8), "", entry -> entry.setMode(0644));
    }

    Archive folder(String name, int mode) {
        return entry(name, '5', new byte[0], "", entry -> entry.setMode(mode));
    }

    /** @param type '1' for a hard link, '2' for a symbolic one */
    Archive link(String name, char type, String target) {
        return entry(name, type, new byte[0], target, entry -> {});
    }

    /** An empty entry whose name is given as it stands, in a PAX header. */
    Archive pax(String name, char type, String target) {
        return entry("x", type, new byte[0], target, entry -> entry.addPaxHeader("comment", "x"), name);
    }

    Archive entry(String name, char type, byte[] content, String target, Consumer<TarArchiveEntry> change) {
        return entry(name, type, content, target, change, null);
    }

    private Archive entry(
            String name, char type, byte[] content, String target, Consumer<TarArchiveEntry> change, String paxName) {
        try {
            if (paxName != null) {
                byte[] record = record("path", paxName);
                TarArchiveEntry header = new TarArchiveEntry("pax", (byte) 'x');
                header.setSize(record.length);
                put(header, record);
            }
            TarArchiveEntry entry = new TarArchiveEntry(name, (byte) type, true);
            entry.setSize(content.length);
            entry.setLinkName(target);
            if (paxName == null) {
                change.accept(entry);
            }
            put(entry, content);
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void put(TarArchiveEntry entry, byte[] content) throws IOException {
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static byte[] record(String key, String value) {
        String rest = " " + key + "=" + value + "\n";
        int length = rest.length() + 1;
        while ((length + rest).length() != length) {
            length++;
        }
        return (length + rest).getBytes(UTF_8);
    }

    byte[] bytes() {
        try {
            tar.finish();
            return bytes.toByteArray();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
