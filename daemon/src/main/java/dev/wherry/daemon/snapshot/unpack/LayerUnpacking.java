package dev.wherry.daemon.snapshot.unpack;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.linux.RootedPath;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.snapshot.layer.LowerLayers;
import dev.wherry.daemon.snapshot.layer.Whiteouts;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.daemon.snapshot.tar.TarEntry.Type;
import dev.wherry.daemon.snapshot.tar.TarReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Unpacks one tar stream into the folder of a new layer (OCI image-spec, "Applying Changesets"). Whatever the stream
 * says, nothing outside the folder is read or written: names that lead out of it are refused, and symbolic links that
 * the stream itself brings are followed as if the folder were the root of the file system. The caller discards the
 * folder when this fails.
 *
 * <p>A stream is unpacked without a look at lower layers ({@link #run}), so that layers can be unpacked side by side and
 * before it is known what they lie on. What concerns lower layers is done at the end ({@link #settle}).
 *
 * <p>Device nodes are made, as Docker does; mounts of layers are {@code nodev}, so they open nothing. A character device
 * 0:0 is a whiteout to overlayfs and is treated as one.
 */
public final class LayerUnpacking {

    private final Path fs;
    private final EntryRules rules;
    private final LayerFolders folders;
    private final LayerWhiteouts whiteouts;
    /** Not needed once all entries are there, while the layer may wait long for those below it. */
    private FileContent content = new FileContent();

    private boolean describesRoot;

    public LayerUnpacking(Path fs, UnpackLimits limits) {
        this.fs = fs;
        this.rules = new EntryRules(fs, limits);
        this.folders = new LayerFolders(fs);
        this.whiteouts = new LayerWhiteouts(fs, folders, limits.whiteouts());
    }

    /** Unpacks all entries. */
    public void run(TarReader tar) {
        Optional<TarEntry> entry;
        while ((entry = tar.next()).isPresent()) {
            try {
                rules.count(entry.get());
                unpack(entry.get(), tar);
            } catch (IOException failure) {
                throw EntryRules.failure(entry.get(), failure);
            }
        }
        content = null;
    }

    /** Completes the layer when those below it are known: hides their files, and makes folders like theirs. */
    public void settle(LowerLayers lower) {
        try {
            folders.inherit(lower);
            whiteouts.apply(lower);
            folders.date();
        } catch (IOException failure) {
            throw StorageFailure.of("cannot unpack", failure);
        }
    }

    /** Bytes of the files unpacked. */
    public long size() {
        return rules.bytes();
    }

    /** Whether an entry says what the root folder is like; otherwise it is like the one below. */
    public boolean describesRoot() {
        return describesRoot;
    }

    private void unpack(TarEntry entry, TarReader tar) throws IOException {
        Path name = rules.name(entry, entry.name());
        if (name.toString().isEmpty()) {
            if (entry.type() != Type.DIRECTORY) {
                throw EntryRules.refused(entry, "would replace the root folder");
            }
            folders.attributes(fs, entry);
            describesRoot = true;
            return;
        }
        byte[] last = PathBytes.of(name.getFileName());
        for (Path component : name) {
            boolean isLast = component.equals(name.getFileName());
            byte[] part = isLast ? last : PathBytes.of(component);
            EntryRules.checkLength(entry, part);
            if (Whiteouts.isReserved(part) && !Whiteouts.isOpaque(part)) {
                return;
            }
        }
        Path parent = parent(entry, name.getParent());
        if (Whiteouts.isOpaque(last)) {
            whiteouts.opaque(parent);
        } else if (Whiteouts.is(last)) {
            whiteouts.hide(parent.resolve(hidden(entry, last)));
        } else if (entry.type() == Type.CHARACTER && entry.major() == 0 && entry.minor() == 0) {
            whiteouts.hide(parent.resolve(name.getFileName()));
        } else {
            place(entry, parent.resolve(name.getFileName()), tar);
        }
    }

    private void place(TarEntry entry, Path path, TarReader tar) throws IOException {
        Path linked = entry.type() == Type.HARD_LINK ? linked(entry, path) : null;
        if (path.equals(linked)) {
            return;
        }
        Optional<FileStatus> there = Inodes.find(path);
        boolean isDirectory = entry.type() == Type.DIRECTORY;
        if (there.isPresent() && !(isDirectory && there.get().isDirectory())) {
            FileTrees.remove(path);
            folders.removed(there.get());
        }
        int permissions = 0600;
        switch (entry.type()) {
            case FILE -> content.write(path, entry, tar);
            case HARD_LINK -> Files.createLink(path, linked);
            case SYMLINK -> Inodes.symlink(EntryRules.target(entry), path);
            case CHARACTER -> Inodes.mknod(path, FileStatus.CHARACTER | permissions, EntryRules.device(entry));
            case BLOCK -> Inodes.mknod(path, FileStatus.BLOCK | permissions, EntryRules.device(entry));
            case FIFO -> Inodes.mknod(path, FileStatus.FIFO | permissions, 0);
            case DIRECTORY -> {
                if (there.isEmpty() || !there.get().isDirectory()) {
                    Files.createDirectory(path);
                }
            }
        }
        if (entry.type() != Type.HARD_LINK) {
            folders.attributes(path, entry);
        }
    }

    private Path parent(TarEntry entry, Path parent) throws IOException {
        for (Path at = parent; at != null; at = at.getParent()) {
            if (Whiteouts.is(PathBytes.of(at.getFileName()))) {
                throw EntryRules.refused(entry, "is inside a whiteout");
            }
        }
        try {
            return folders.directory(parent);
        } catch (NotDirectoryException failure) {
            throw EntryRules.refused(entry, "is inside something that is not a folder");
        }
    }

    private Path hidden(TarEntry entry, byte[] whiteout) {
        byte[] name = Whiteouts.hidden(whiteout);
        Path hidden = PathBytes.path(name);
        if (name.length == 0
                || hidden.toString().equals(".")
                || hidden.toString().equals("..")) {
            throw EntryRules.refused(entry, "hides nothing that has a name");
        }
        return hidden;
    }

    private Path linked(TarEntry entry, Path path) throws IOException {
        Path name;
        try {
            name = rules.name(entry, entry.linkName());
        } catch (InvalidInputException _) {
            throw EntryRules.refused(
                    entry, "is a hard link to \"" + display(entry) + "\", which leads out of the root");
        }
        Path target = new RootedPath(fs).resolveParent(name);
        Optional<FileStatus> status = Inodes.find(target);
        if (status.isEmpty() || status.get().isDirectory()) {
            throw EntryRules.refused(
                    entry, "is a hard link to \"" + display(entry) + "\", which is no file of the same stream");
        }
        return target;
    }

    private static String display(TarEntry entry) {
        return new String(entry.linkName(), StandardCharsets.UTF_8);
    }
}
