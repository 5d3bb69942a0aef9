package dev.wherry.daemon.snapshot.unpack;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.linux.RootedPath;
import dev.wherry.daemon.snapshot.layer.KeptXattrs;
import dev.wherry.daemon.snapshot.layer.Whiteouts;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.daemon.snapshot.tar.TarEntry.Type;
import dev.wherry.daemon.snapshot.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Unpacks a user's archive into a folder of a mounted file system, among what is there: folders are merged, anything
 * else is replaced. The folder is the root of all that the archive names: a name that leads above it is refused, and
 * symbolic links on the way, the archive's own or others, lead nowhere out of it. Nobody else may change the folder
 * meanwhile. What is unpacked when this fails is left for the caller to discard.
 *
 * <p>An archive is not a layer: it cannot remove files, so entries named like whiteouts are left out. Device nodes are
 * made, as Docker does.
 */
public final class ArchiveUnpacking {

    private static final int USUAL_PERMISSIONS = 0755;

    /** Who files belong to. */
    public record Owner(int uid, int gid) {}

    private final Path root;
    private final Optional<Owner> owner;
    private final RootedPath rooted;
    private final EntryRules rules;
    private final int longestHeader;
    private final FileContent content = new FileContent();
    /** Relative paths known to lead through folders only, so that most entries cost no look at their parents. */
    private final Set<Path> known = new HashSet<>();
    /** Making an entry in a folder changes the folder's time, so times are set when all entries are there. */
    private final Map<Path, TarEntry> dated = new LinkedHashMap<>();

    /**
     * @param root the folder, which exists
     * @param owner of all that is unpacked; empty for what the archive says
     */
    public ArchiveUnpacking(Path root, Optional<Owner> owner, UnpackLimits limits) {
        this.root = root;
        this.owner = owner;
        this.rooted = new RootedPath(root);
        this.rules = new EntryRules(root, limits);
        this.longestHeader = limits.headerBytes();
    }

    /**
     * Unpacks a tar stream, uncompressed.
     *
     * @throws CorruptContentException when the stream is damaged or breaks off
     * @throws InvalidInputException naming the entry that would leave the root, or cannot be
     * @throws dev.wherry.daemon.error.ExhaustedException when a limit is exceeded or the disk is full
     * @throws CancelledException when the thread was interrupted
     */
    public void run(InputStream stream) throws IOException {
        TarReader tar = new TarReader(stream, longestHeader);
        Optional<TarEntry> entry;
        while ((entry = tar.next()).isPresent()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancelledException("unpacking was cancelled");
            }
            try {
                rules.count(entry.get());
                unpack(entry.get(), tar);
            } catch (IOException failure) {
                throw EntryRules.failure(entry.get(), failure);
            }
        }
        for (var folder : dated.entrySet()) {
            if (Inodes.find(folder.getKey()).filter(FileStatus::isDirectory).isPresent()) {
                Inodes.utimensat(
                        folder.getKey(),
                        folder.getValue().modified(),
                        folder.getValue().modifiedNanos());
            }
        }
    }

    private void unpack(TarEntry entry, TarReader tar) throws IOException {
        Path name = rules.name(entry, entry.name());
        if (name.toString().isEmpty()) {
            // The folder is the user's, who said where to unpack; it stays as it is, whatever the entry is.
            return;
        }
        for (Path component : name) {
            byte[] part = PathBytes.of(component);
            EntryRules.checkLength(entry, part);
            if (Whiteouts.is(part)) {
                return;
            }
        }
        place(entry, directory(entry, name.getParent()).resolve(name.getFileName()), tar);
    }

    /** The folder at a relative path (null: the root), links followed inside the root, made if it is missing. */
    private Path directory(TarEntry entry, Path relative) throws IOException {
        if (relative == null) {
            return root;
        }
        Path plain = root.resolve(relative);
        if (known.contains(relative)) {
            return plain;
        }
        try {
            Path found = rooted.createDirectories(relative, made -> {
                Inodes.chmod(made, USUAL_PERMISSIONS);
                own(made, owner.orElse(new Owner(0, 0)));
            });
            if (found.equals(plain)) {
                known.add(relative);
            }
            return found;
        } catch (NotDirectoryException | FileSystemLoopException failure) {
            throw EntryRules.refused(entry, "is inside something that is not a folder");
        }
    }

    private void place(TarEntry entry, Path path, TarReader tar) throws IOException {
        Path linked = entry.type() == Type.HARD_LINK ? linked(entry) : null;
        if (path.equals(linked)) {
            return;
        }
        Optional<FileStatus> there = Inodes.find(path);
        boolean merged = entry.type() == Type.DIRECTORY
                && there.isPresent()
                && there.get().isDirectory();
        if (there.isPresent() && !merged) {
            FileTrees.remove(path);
            if (there.get().isDirectory()) {
                known.clear();
            }
        }
        if (!merged) {
            make(entry, path, linked, tar);
        }
        if (entry.type() != Type.HARD_LINK) {
            attributes(entry, path);
        }
    }

    private void make(TarEntry entry, Path path, Path linked, TarReader tar) throws IOException {
        int permissions = 0600;
        switch (entry.type()) {
            case FILE -> content.write(path, entry, tar);
            case HARD_LINK -> Files.createLink(path, linked);
            case SYMLINK -> Inodes.symlink(EntryRules.target(entry), path);
            case CHARACTER -> {
                if (entry.major() == 0 && entry.minor() == 0) {
                    throw EntryRules.refused(entry, "is a device 0:0, which cannot exist");
                }
                Inodes.mknod(path, FileStatus.CHARACTER | permissions, EntryRules.device(entry));
            }
            case BLOCK -> Inodes.mknod(path, FileStatus.BLOCK | permissions, EntryRules.device(entry));
            case FIFO -> Inodes.mknod(path, FileStatus.FIFO | permissions, 0);
            case DIRECTORY -> Files.createDirectory(path);
        }
    }

    private Path linked(TarEntry entry) throws IOException {
        String shown = new String(entry.linkName(), StandardCharsets.UTF_8);
        Path name;
        try {
            name = rules.name(entry, entry.linkName());
        } catch (InvalidInputException _) {
            throw EntryRules.refused(entry, "is a hard link to \"" + shown + "\", which leads out of the root");
        }
        Path target = rooted.resolveParent(name);
        Optional<FileStatus> status = Inodes.find(target);
        if (status.isEmpty() || status.get().isDirectory()) {
            throw EntryRules.refused(entry, "is a hard link to \"" + shown + "\", which is no file there");
        }
        return target;
    }

    private void attributes(TarEntry entry, Path path) throws IOException {
        own(path, owner.orElse(new Owner(entry.uid(), entry.gid())));
        if (entry.type() != Type.SYMLINK) {
            Inodes.chmod(path, entry.permissions());
        }
        KeptXattrs.write(path, entry.xattrs());
        if (entry.type() == Type.DIRECTORY) {
            dated.put(path, entry);
        } else {
            Inodes.utimensat(path, entry.modified(), entry.modifiedNanos());
        }
    }

    private static void own(Path path, Owner owner) throws IOException {
        Inodes.lchown(path, owner.uid(), owner.gid());
    }
}
