package dev.wherry.cli.client.files;

import com.google.protobuf.ByteString;
import dev.wherry.v1.OutputEntry;
import dev.wherry.v1.WantedEntries;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which files of an output are in its folder already: with the same type, mode and content. Nothing is looked at that a
 * symbolic link leads to. Only the times of such files are set, once the output is complete.
 */
final class PresentFiles {
    private static final String ATTRIBUTES = "unix:mode,size,ino,lastModifiedTime";
    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int SYMLINK = 0120000;
    private static final int PERMISSIONS = 07777;
    private static final int BUFFER = 64 << 10;

    private record Kept(Path path, OutputEntry entry) {}

    private final Path root;
    private final BitSet wanted = new BitSet();
    /** Files that are here, by their paths, for the hard links to them. */
    private final Map<Path, Kept> kept = new HashMap<>();

    private final List<Kept> outdated = new ArrayList<>();
    private final Set<Path> folders = new HashSet<>();
    private int entries;

    PresentFiles(Path root) {
        this.root = root;
        folders.add(root);
    }

    void compare(OutputEntry entry) throws IOException {
        Path path = root.resolve(RawPath.relative(entry.getPath()));
        boolean here = isFolder(path.getParent())
                && switch (entry.getType()) {
                    case TYPE_FILE -> isFile(path, entry);
                    case TYPE_SYMLINK -> isLink(path, entry);
                    case TYPE_HARD_LINK -> isSame(path, root.resolve(RawPath.relative(entry.getLink())));
                    // Folders get their modes and times when all is in them.
                    case TYPE_DIRECTORY, TYPE_SPECIAL, TYPE_UNSPECIFIED, UNRECOGNIZED -> false;
                };
        wanted.set(entries++, !here);
    }

    WantedEntries wanted() {
        return WantedEntries.newBuilder()
                .setEntries(ByteString.copyFrom(wanted.toByteArray()))
                .build();
    }

    /** Whether all on the way from the root is a folder, and no link. */
    private boolean isFolder(Path path) {
        if (folders.contains(path)) {
            return true;
        }
        boolean folder = path.startsWith(root)
                && isFolder(path.getParent())
                && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        if (folder) {
            folders.add(path);
        }
        return folder;
    }

    private boolean isFile(Path path, OutputEntry entry) throws IOException {
        Map<String, Object> status = status(path);
        int mode = (Integer) status.getOrDefault("mode", 0);
        boolean same = (mode & TYPE) == REGULAR
                && (mode & PERMISSIONS) == (entry.getMode() & PERMISSIONS)
                && (Long) status.get("size") == entry.getSize()
                && digest(path).equals(entry.getDigest());
        if (same) {
            keep(path, entry, status);
        }
        return same;
    }

    private boolean isLink(Path path, OutputEntry entry) throws IOException {
        Map<String, Object> status = status(path);
        boolean same = ((Integer) status.getOrDefault("mode", 0) & TYPE) == SYMLINK
                && Files.readSymbolicLink(path).equals(RawPath.of(entry.getLink()));
        if (same) {
            keep(path, entry, status);
        }
        return same;
    }

    private boolean isSame(Path path, Path target) throws IOException {
        return kept.containsKey(target)
                && status(path).getOrDefault("ino", -1L).equals(status(target).get("ino"));
    }

    private void keep(Path path, OutputEntry entry, Map<String, Object> status) {
        Kept file = new Kept(path, entry);
        kept.put(path, file);
        if (!status.get("lastModifiedTime").equals(FileTime.from(entry.getModified(), TimeUnit.SECONDS))) {
            outdated.add(file);
        }
    }

    /** Empty when there is nothing. */
    private static Map<String, Object> status(Path path) throws IOException {
        try {
            return Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException nothing) {
            return Map.of();
        }
    }

    private static ByteString digest(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return ByteString.copyFrom(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Dates what is here as the output has it. */
    void finish() throws IOException {
        for (Kept file : outdated) {
            FolderTarget.date(file.path(), file.entry());
        }
    }
}
