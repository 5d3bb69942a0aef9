package dev.wherry.daemon.snapshot.unpack;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.linux.SystemCallException;
import dev.wherry.daemon.snapshot.layer.KeptXattrs;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.daemon.snapshot.tar.TarEntry.Type;
import dev.wherry.daemon.snapshot.tar.TarReader;
import dev.wherry.daemon.snapshot.unpack.ArchiveUnpacking.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Unpacks an archive into a folder of a tree that processes may change meanwhile, among what is there: folders are
 * merged, other files replaced. Links on the way to an entry mean what they mean to a process whose root the tree is, at
 * every moment: whatever is put in the place of a folder, nothing outside the tree is reached. The file itself is made
 * new in a folder that is held, and given owner, mode and times while it is held. What is unpacked when this fails stays.
 */
public final class LiveUnpacking implements AutoCloseable {

    private static final int USUAL_PERMISSIONS = 0755;

    private final Handle root;
    private final Path destination;
    private final Optional<Owner> owner;
    private final boolean replaceKinds;
    private boolean destinationToo;
    private final EntryRules rules;
    private final int longestHeader;
    private final FileContent content = new FileContent();
    /** Making an entry in a folder changes the folder's time, so times are set when all entries are there. */
    private final Map<Path, TarEntry> dated = new LinkedHashMap<>();
    /** The folder of the entry before, which is mostly that of the next. */
    private Path heldName;

    private Handle held;

    /**
     * @param root what links start from; stays open
     * @param destination absolute path of a folder in it
     * @param owner of all that is unpacked; empty for what the archive says
     * @param replaceKinds whether a folder may take the place of a file, and the other way round
     */
    public LiveUnpacking(
            Handle root, Path destination, Optional<Owner> owner, boolean replaceKinds, UnpackLimits limits) {
        this.root = root;
        this.destination = destination;
        this.owner = owner;
        this.replaceKinds = replaceKinds;
        this.rules = new EntryRules(destination, limits);
        this.longestHeader = limits.headerBytes();
    }

    /** Gives the folder itself the owner, mode and times of the archive's entry {@code ./}, if there is one. */
    public LiveUnpacking withDestination() {
        destinationToo = true;
        return this;
    }

    /**
     * Unpacks a tar stream, uncompressed.
     *
     * @throws dev.wherry.daemon.error.CorruptContentException when the stream is damaged or breaks off
     * @throws InvalidInputException naming the entry that would leave the folder, or cannot be
     * @throws dev.wherry.daemon.error.ExhaustedException when a limit is exceeded or the disk is full
     */
    public void run(InputStream stream) throws IOException {
        TarReader tar = new TarReader(stream, longestHeader);
        Optional<TarEntry> entry;
        while ((entry = tar.next()).isPresent()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancelledException("unpacking was cancelled");
            }
            rules.count(entry.get());
            try {
                unpack(entry.get(), tar);
            } catch (SystemCallException failure) {
                if (failure.errno() == SystemCallException.EROFS) {
                    throw readOnly();
                }
                throw EntryRules.failure(entry.get(), failure);
            } catch (IOException failure) {
                if (String.valueOf(failure.getMessage()).contains("Read-only file system")) {
                    throw readOnly();
                }
                throw EntryRules.failure(entry.get(), failure);
            }
        }
        for (var folder : dated.entrySet()) {
            date(folder.getKey(), folder.getValue());
        }
    }

    private InvalidInputException readOnly() {
        return new InvalidInputException("cannot copy to " + destination + ": it is on a read-only file system");
    }

    private void date(Path relative, TarEntry entry) throws IOException {
        Optional<Handle> found = root.resolve(destination.resolve(relative), false);
        if (found.isPresent()) {
            try (Handle folder = found.get()) {
                if (folder.status().isDirectory()) {
                    folder.date(entry.modified(), entry.modifiedNanos());
                }
            }
        }
    }

    private void unpack(TarEntry entry, TarReader tar) throws IOException {
        Path name = rules.name(entry, entry.name());
        if (name.toString().isEmpty()) {
            if (destinationToo && entry.type() == Type.DIRECTORY) {
                try (Handle folder = open(entry, name)) {
                    attributes(entry, folder);
                }
                dated.put(name, entry);
            }
            return;
        }
        for (Path component : name) {
            EntryRules.checkLength(entry, PathBytes.of(component));
        }
        Handle folder = folder(entry, name.getParent());
        Path last = name.getFileName();
        boolean merged = clear(entry, folder, last);
        if (!merged) {
            make(entry, folder.path().resolve(last), tar);
        }
        if (entry.type() != Type.HARD_LINK) {
            attributes(entry, folder, last);
        }
        if (entry.type() == Type.DIRECTORY) {
            dated.put(name, entry);
        }
    }

    /** The folder at a relative path (null: the destination), made if it is missing. */
    private Handle folder(TarEntry entry, Path relative) throws IOException {
        Path name = relative == null ? Path.of("") : relative;
        if (held != null && name.equals(heldName)) {
            return held;
        }
        Handle found = open(entry, name);
        close();
        held = found;
        heldName = name;
        return found;
    }

    private Handle open(TarEntry entry, Path relative) throws IOException {
        Optional<Handle> found;
        try {
            found = root.resolve(destination.resolve(relative), true);
        } catch (SystemCallException failure) {
            if (failure.errno() == SystemCallException.ENOTDIR || failure.errno() == SystemCallException.ELOOP) {
                throw EntryRules.refused(entry, "is inside something that is not a folder");
            }
            throw failure;
        }
        Handle folder = found.isPresent() ? found.get() : create(entry, relative);
        if (!folder.status().isDirectory()) {
            folder.close();
            throw EntryRules.refused(entry, "is inside something that is not a folder");
        }
        return folder;
    }

    private Handle create(TarEntry entry, Path relative) throws IOException {
        if (relative.toString().isEmpty()) {
            throw EntryRules.refused(entry, "has no place: " + destination + " is gone");
        }
        Path above = relative.getParent();
        try (Handle parent = open(entry, above == null ? Path.of("") : above)) {
            boolean made = makeFolder(parent.path().resolve(relative.getFileName()));
            Handle folder = parent.child(relative.getFileName())
                    .orElseThrow(() -> EntryRules.refused(entry, "has no place: its folder is gone"));
            if (made && folder.status().isDirectory()) {
                folder.chown(
                        owner.map(Owner::uid).orElse(0), owner.map(Owner::gid).orElse(0));
                folder.chmod(USUAL_PERMISSIONS);
            }
            return folder;
        }
    }

    private static boolean makeFolder(Path path) throws IOException {
        try {
            Files.createDirectory(path);
            return true;
        } catch (FileAlreadyExistsException linkOrJustMade) {
            return false;
        }
    }

    /** Makes room for an entry, and says whether it is a folder that is there already. */
    private boolean clear(TarEntry entry, Handle folder, Path name) throws IOException {
        Optional<FileStatus> there = Inodes.find(folder.path().resolve(name));
        if (there.isEmpty()) {
            return false;
        }
        boolean isFolder = entry.type() == Type.DIRECTORY;
        boolean wasFolder = there.get().isDirectory();
        if (isFolder != wasFolder && !replaceKinds) {
            Path shown = destination.resolve(entry.displayName());
            throw new InvalidInputException(
                    wasFolder
                            ? "cannot overwrite directory \"" + shown + "\" with non-directory"
                            : "cannot overwrite non-directory \"" + shown + "\" with directory");
        }
        if (!(isFolder && wasFolder)) {
            folder.remove(name);
        }
        return isFolder && wasFolder;
    }

    private void make(TarEntry entry, Path path, TarReader tar) throws IOException {
        int permissions = 0600;
        switch (entry.type()) {
            case FILE -> content.write(path, entry, tar);
            case HARD_LINK -> link(entry, path);
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

    private void link(TarEntry entry, Path path) throws IOException {
        String shown = new String(entry.linkName(), StandardCharsets.UTF_8);
        Path name;
        try {
            name = rules.name(entry, entry.linkName());
        } catch (InvalidInputException _) {
            throw EntryRules.refused(entry, "is a hard link to \"" + shown + "\", which leads out of the folder");
        }
        Path above = name.getParent();
        if (name.toString().isEmpty()) {
            throw EntryRules.refused(entry, "is a hard link to the folder itself");
        }
        try (Handle parent = open(entry, above == null ? Path.of("") : above)) {
            Path target = parent.path().resolve(name.getFileName());
            if (Inodes.find(target).filter(status -> !status.isDirectory()).isEmpty()) {
                throw EntryRules.refused(entry, "is a hard link to \"" + shown + "\", which is no file there");
            }
            Files.createLink(path, target);
        }
    }

    private void attributes(TarEntry entry, Handle folder, Path name) throws IOException {
        Optional<Handle> found = folder.child(name);
        if (found.isEmpty()) {
            return;
        }
        try (Handle file = found.get()) {
            FileStatus status = file.status();
            boolean swapped = status.isSymlink() != (entry.type() == Type.SYMLINK)
                    || status.isDirectory() != (entry.type() == Type.DIRECTORY)
                    || !status.isDirectory() && status.links() != 1;
            if (swapped) {
                throw EntryRules.refused(entry, "was replaced by somebody else while it was copied");
            }
            if (status.isSymlink()) {
                chown(entry, file);
                Inodes.utimensat(folder.path().resolve(name), entry.modified(), entry.modifiedNanos());
            } else {
                attributes(entry, file);
            }
        }
    }

    /** Gives a file that is no link what its entry says. */
    private void attributes(TarEntry entry, Handle file) throws IOException {
        FileStatus status = file.status();
        chown(entry, file);
        file.chmod(entry.permissions());
        if (status.isRegular() || status.isDirectory()) {
            KeptXattrs.write(file, entry.xattrs());
        }
        file.date(entry.modified(), entry.modifiedNanos());
    }

    private void chown(TarEntry entry, Handle file) throws IOException {
        file.chown(
                owner.map(Owner::uid).orElse(entry.uid()), owner.map(Owner::gid).orElse(entry.gid()));
    }

    /** Lets go of the folder that is held. */
    @Override
    public void close() {
        if (held != null) {
            held.close();
            held = null;
        }
    }
}
