package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.context.FileContents;
import dev.wherry.daemon.builder.context.SourceFile;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.KernelCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Copies one file: content, permissions, modification time and the extended attributes that are copied, with the owner
 * that the instruction asks for, or else the file's own. The kernel moves the bytes.
 */
public final class FileCopier {

    private static final int USUAL_MODE = 0644;

    private final Optional<Owner> owner;
    private final Optional<ModeChange> mode;
    private final OptionalLong modified;

    /** @param owner empty: that of each file */
    public FileCopier(Optional<Owner> owner, Optional<ModeChange> mode) {
        this(owner, mode, OptionalLong.empty());
    }

    /** @param modified the time that copies get instead of that of their source, in seconds since 1970 */
    public FileCopier(Optional<Owner> owner, Optional<ModeChange> mode, OptionalLong modified) {
        this.owner = owner;
        this.mode = mode;
        this.modified = modified;
    }

    /** @param target must not exist, in an existing directory */
    public void copy(SourceFile file, Path target) throws IOException {
        FileStatus status = file.status();
        switch (status.type()) {
            case FileStatus.REGULAR -> copyContent(file, target);
            case FileStatus.SYMLINK -> Inodes.symlink(Inodes.readlink(file.path()), target);
            case FileStatus.FIFO, FileStatus.CHARACTER, FileStatus.BLOCK ->
                Inodes.mknod(target, status.mode(), status.rdev());
            default -> {
                return; // A socket means nothing in an image.
            }
        }
        finish(file, target);
    }

    /**
     * As {@link #copy} of a regular file, with the content of another file that has the same: the kernel shares it where
     * both files are on one file system with reflinks.
     */
    void share(SourceFile file, Path content, Path target) throws IOException {
        KernelCopy.copy(content, target, file.status().size());
        verifyUnchanged(file);
        finish(file, target);
    }

    /** Writes a file that no source is copied for. */
    void write(InlineFile document, Path target, Owner asked) throws IOException {
        Files.writeString(target, document.text(), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        Inodes.lchown(target, asked.uid(), asked.gid());
        Inodes.chmod(target, mode.map(change -> change.apply(USUAL_MODE, false)).orElse(USUAL_MODE));
    }

    private void copyContent(SourceFile file, Path target) throws IOException {
        long size = file.status().size();
        if (size >= DirectCopy.WORTHWHILE && DirectCopy.copy(file.path(), target, size)) {
            verifyUnchanged(file);
            return;
        }
        KernelCopy.copy(file.path(), target, size);
        verifyUnchanged(file);
    }

    /** The cache key was computed from the content as it was: another content must not get under it. */
    static void verifyUnchanged(SourceFile file) throws IOException {
        FileStatus before = file.status();
        FileStatus now = Inodes.status(file.path());
        if (now.inode() != before.inode()
                || now.size() != before.size()
                || now.modified() != before.modified()
                || now.modifiedNanos() != before.modifiedNanos()
                || now.changed() != before.changed()
                || now.changedNanos() != before.changedNanos()) {
            throw new IOException(file.target() + " changed while it was copied: build again");
        }
    }

    private int permissions(FileStatus status) {
        int own = status.permissions();
        return mode.isEmpty() ? own : mode.get().apply(own, status.isDirectory());
    }

    /** Gives a directory what {@link #copy} gives a file, once all is in it. */
    public void finishDirectory(SourceFile directory, Path target) throws IOException {
        finish(directory, target);
    }

    private void finish(SourceFile file, Path target) throws IOException {
        FileStatus status = file.status();
        own(
                target,
                owner.isPresent() ? owner.get().uid() : status.uid(),
                owner.isPresent() ? owner.get().gid() : status.gid(),
                status.isSymlink() ? OptionalInt.empty() : OptionalInt.of(permissions(status)));
        if (status.isRegular() || status.isDirectory()) {
            for (String name : Inodes.xattrs(file.path())) {
                if (FileContents.isCopied(name)) {
                    Inodes.setXattr(
                            target, name, Inodes.xattr(file.path(), name).orElseThrow());
                }
            }
        }
        date(status, target);
    }

    /**
     * Gives a new file its owner and permissions, which most have from the start: a look costs less than a change. In a
     * directory with the set-group-ID bit it has the directory's group.
     */
    private static void own(Path target, int uid, int gid, OptionalInt permissions) throws IOException {
        FileStatus made = Inodes.status(target);
        boolean others = made.uid() != uid || made.gid() != gid;
        if (others) {
            Inodes.lchown(target, uid, gid);
        }
        // A change of the owner takes permissions away.
        if (permissions.isPresent() && (others || made.permissions() != permissions.getAsInt())) {
            Inodes.chmod(target, permissions.getAsInt());
        }
    }

    /**
     * Gives the directory that the contents of a source were copied into the time of the source. The root of a tree has
     * no time that means anything: that of a client's directory is not sent.
     */
    void dateTop(SourceFile top, Path target) throws IOException {
        if (!top.target().toString().isEmpty()) {
            date(top.status(), target);
        }
    }

    private void date(FileStatus status, Path target) throws IOException {
        if (modified.isPresent()) {
            Inodes.utimensat(target, modified.getAsLong(), 0);
        } else {
            Inodes.utimensat(target, status.modified(), status.modifiedNanos());
        }
    }
}
