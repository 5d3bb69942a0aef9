package dev.wherry.cli.client.files;

import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Unpacks an archive that came out of a container into a local folder, among what is there. The container may have put
 * anything into it: names that lead out of the folder are refused, and a link below the folder is replaced or refused,
 * never followed. Devices and pipes are left out.
 */
public final class LocalUnpacking {
    private static final int PERMISSIONS = 07777;
    private static final int CHUNK = 32 << 10;

    private final Path root;
    private final EntryNames names;
    private final boolean owners;
    /** Folders that are known to be folders, without a link on the way from the root. */
    private final Set<Path> known = new HashSet<>();
    /** Folders get their modes and times when all is in them. */
    private final List<Folder> folders = new ArrayList<>();

    private final byte[] buffer = new byte[CHUNK];
    private int special;

    private record Folder(Path path, TarArchiveEntry entry) {}

    private LocalUnpacking(Path root, EntryNames names, boolean owners) {
        this.root = root;
        this.names = names;
        this.owners = owners;
    }

    /**
     * Unpacks up to the end of the archive.
     *
     * @param owners whether files get the owners that they have in the archive
     * @return how many devices and pipes were left out
     * @throws Failure when an entry cannot be where it is to be
     */
    public static int run(InputStream stream, Path folder, EntryNames names, boolean owners) throws IOException {
        LocalUnpacking unpacking = new LocalUnpacking(folder.toRealPath(), names, owners);
        // Its own buffers are small, and closing it is left to who opened the stream.
        TarArchiveInputStream tar = new TarArchiveInputStream(stream, StandardCharsets.UTF_8.name());
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            unpacking.unpack(entry, tar);
        }
        unpacking.finish();
        return unpacking.special;
    }

    private void unpack(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
        Path path = root.resolve(relative(entry, entry.getName()));
        if (path.equals(root)) {
            return;
        }
        if (entry.isDirectory()) {
            directory(path);
            folders.add(new Folder(path, entry));
            return;
        }
        directory(path.getParent());
        if (entry.isLink()) {
            link(entry, path);
        } else if (entry.isSymbolicLink()) {
            clear(path);
            Files.createSymbolicLink(path, Path.of(text(entry, entry.getLinkName())));
            own(path, entry);
            date(path, entry);
        } else if (entry.isFile() && !entry.isCharacterDevice() && !entry.isBlockDevice() && !entry.isFIFO()) {
            clear(path);
            content(path, tar);
            own(path, entry);
            Files.setAttribute(path, "unix:mode", entry.getMode() & PERMISSIONS, LinkOption.NOFOLLOW_LINKS);
            date(path, entry);
        } else {
            special++;
        }
    }

    private void link(TarArchiveEntry entry, Path path) throws IOException {
        Path target = root.resolve(relative(entry, entry.getLinkName()));
        boolean safe = target.getParent() != null
                && (target.getParent().equals(root) || known.contains(target.getParent()))
                && Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS);
        if (!safe) {
            throw new Failure("the archive holds \"" + entry.getName() + "\" as a hard link to \"" + entry.getLinkName()
                    + "\", which is not a file of the archive");
        }
        clear(path);
        Files.createLink(path, target);
    }

    private Path relative(TarArchiveEntry entry, String name) {
        String renamed = names.renamed(text(entry, name));
        int start = 0;
        while (start < renamed.length() && renamed.charAt(start) == '/') {
            start++;
        }
        Path path = Path.of(renamed.substring(start)).normalize();
        if (path.startsWith("..")) {
            throw new Failure("the archive holds \"" + name + "\", which is outside the directory");
        }
        return path;
    }

    private static String text(TarArchiveEntry entry, String name) {
        if (name.indexOf('\ufffd') >= 0 || name.indexOf('\0') >= 0) {
            throw new Failure("\"" + entry.getName()
                    + "\" has a name that is not valid UTF-8: use - as the destination to get a tar archive");
        }
        return name;
    }

    private void content(Path path, TarArchiveInputStream tar) throws IOException {
        try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int read = tar.read(buffer); read >= 0; read = tar.read(buffer)) {
                out.write(buffer, 0, read);
            }
        }
    }

    /** Makes sure that there is a folder, on a way of folders from the root. */
    private void directory(Path path) throws IOException {
        if (path.equals(root) || known.contains(path)) {
            return;
        }
        directory(path.getParent());
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new Failure("cannot overwrite non-directory \"" + path + "\" with directory");
            }
            Files.createDirectory(path);
        }
        known.add(path);
    }

    private static void clear(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure("cannot overwrite directory \"" + path + "\" with non-directory");
        }
        Files.deleteIfExists(path);
    }

    private void finish() throws IOException {
        for (Folder folder : folders.reversed()) {
            own(folder.path(), folder.entry());
            Files.setAttribute(folder.path(), "unix:mode", folder.entry().getMode() & PERMISSIONS);
            date(folder.path(), folder.entry());
        }
    }

    private void own(Path path, TarArchiveEntry entry) throws IOException {
        if (owners) {
            Files.setAttribute(path, "unix:uid", (int) entry.getLongUserId(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", (int) entry.getLongGroupId(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static void date(Path path, TarArchiveEntry entry) throws IOException {
        FileTime time = entry.getLastModifiedTime();
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(time, time, null);
    }
}
