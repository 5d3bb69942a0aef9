package dev.wherry.cli.client.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes local files as a tar stream, links as links, with owners, modes and times. Sockets are left out. */
public final class LocalArchive {
    private static final int TYPE = 0170000;
    private static final int PERMISSIONS = 07777;
    private static final int CHUNK = 32 << 10;

    private final EntryNames names;
    private final TarArchiveOutputStream tar;
    /** Names of the files with several links, by what identifies them. */
    private final Map<Object, String> linked = new HashMap<>();

    private final byte[] buffer = new byte[CHUNK];

    private LocalArchive(EntryNames names, OutputStream out) {
        this.names = names;
        // In Latin-1 every byte is a character, so that names that are no text come out as they are.
        this.tar = new TarArchiveOutputStream(out, StandardCharsets.ISO_8859_1.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    }

    /**
     * Writes a file, or a folder with all in it.
     *
     * @param entry the name that it would have in the archive before {@code names} are applied
     * @throws IOException when one cannot be read, or the stream takes no more
     */
    public static void write(Path file, String entry, EntryNames names, OutputStream out) throws IOException {
        LocalArchive archive = new LocalArchive(names, out);
        archive.add(file, latin1(entry));
        archive.tar.finish();
        archive.tar.flush();
    }

    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private void add(Path file, String entry) throws IOException {
        Map<String, Object> status = Files.readAttributes(file, "unix:*", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) status.get("mode");
        String name = new EntryNames(latin1(names.from()), latin1(names.to())).renamed(entry);
        switch (mode & TYPE) {
            case 0040000 -> folder(file, entry, name, status);
            case 0100000 -> regular(file, name, status);
            case 0120000 -> {
                TarArchiveEntry header = header(name, TarConstants.LF_SYMLINK, status);
                Path target = Files.readSymbolicLink(file);
                header.setLinkName(RawPath.bytes(target).toString(StandardCharsets.ISO_8859_1));
                put(header);
            }
            case 0020000 -> put(device(name, TarConstants.LF_CHR, status));
            case 0060000 -> put(device(name, TarConstants.LF_BLK, status));
            case 0010000 -> put(header(name, TarConstants.LF_FIFO, status));
            default -> {}
        }
    }

    private void folder(Path folder, String entry, String name, Map<String, Object> status) throws IOException {
        put(header(name.endsWith("/") ? name : name + "/", TarConstants.LF_DIR, status));
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(children::add);
        }
        children.sort(null);
        for (Path child : children) {
            String own = RawPath.bytes(child.getFileName()).toString(StandardCharsets.ISO_8859_1);
            add(child, entry.endsWith("/") ? entry + own : entry + "/" + own);
        }
    }

    private void regular(Path file, String name, Map<String, Object> status) throws IOException {
        if ((int) status.get("nlink") > 1) {
            String before = linked.putIfAbsent(status.get("fileKey"), name);
            if (before != null) {
                TarArchiveEntry header = header(name, TarConstants.LF_LINK, status);
                header.setLinkName(before);
                put(header);
                return;
            }
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            TarArchiveEntry header = header(name, TarConstants.LF_NORMAL, status);
            long rest = (long) status.get("size");
            header.setSize(rest);
            tar.putArchiveEntry(header);
            while (rest > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, rest));
                if (read < 0) {
                    throw new IOException(file + " became shorter while it was read");
                }
                tar.write(buffer, 0, read);
                rest -= read;
            }
            tar.closeArchiveEntry();
        }
    }

    private static TarArchiveEntry device(String name, byte type, Map<String, Object> status) {
        TarArchiveEntry header = header(name, type, status);
        long device = (long) status.get("rdev");
        header.setDevMajor((int) (device >>> 8 & 0xfff));
        header.setDevMinor((int) (device & 0xff | device >>> 12 & 0xfff00));
        return header;
    }

    private static TarArchiveEntry header(String name, byte type, Map<String, Object> status) {
        TarArchiveEntry header = new TarArchiveEntry(name, type, true);
        header.setMode((int) status.get("mode") & PERMISSIONS);
        header.setUserId((int) status.get("uid"));
        header.setGroupId((int) status.get("gid"));
        long seconds = ((FileTime) status.get("lastModifiedTime")).to(TimeUnit.SECONDS);
        header.setLastModifiedTime(FileTime.from(seconds, TimeUnit.SECONDS));
        header.setSize(0);
        return header;
    }

    private void put(TarArchiveEntry header) throws IOException {
        tar.putArchiveEntry(header);
        tar.closeArchiveEntry();
    }
}
