package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Copies the folder of a layer, which may be written meanwhile, as overlayfs has it: whiteouts and marks of folders that
 * hide what is below included. What was made only for mounts to cover it is left out while nothing is in it.
 */
public final class LayerCopy {

    private static final Path ROOT = Path.of("/");

    private final LowerLayers lower;
    private final Set<Path> stubs;
    /** Where files with several links went, by inode; all are of one file system. */
    private final Map<Long, Path> linked = new HashMap<>();

    public LayerCopy(LowerLayers lower, Set<Path> stubs) {
        this.lower = lower;
        this.stubs = stubs;
    }

    /** @param to an empty folder that nobody else uses */
    public void run(Handle from, Path to) throws IOException {
        contents(from, to, Path.of(""));
        attributes(from, from.status(), to);
    }

    /** Returns whether something was left out. */
    private boolean contents(Handle from, Path to, Path relative) throws IOException {
        CancelledException.throwIfInterrupted();
        boolean leftOut = false;
        for (Path name : from.names()) {
            Optional<Handle> child = from.child(name);
            if (child.isPresent()) {
                try (Handle file = child.get()) {
                    leftOut |= copy(file, to.resolve(name), relative.resolve(name));
                }
            }
        }
        return leftOut;
    }

    private boolean copy(Handle file, Path to, Path relative) throws IOException {
        FileStatus status = file.status();
        boolean isStub =
                stubs.contains(ROOT.resolve(relative)) && lower.find(relative).isEmpty();
        if (status.isWhiteout()) {
            Inodes.mknod(to, FileStatus.CHARACTER, 0);
            return false;
        }
        if (status.isDirectory()) {
            return folder(file, status, to, relative, isStub);
        }
        if (isStub && status.isRegular() && status.size() == 0) {
            return true;
        }
        if (status.links() > 1 && linked.putIfAbsent(status.inode(), to) instanceof Path before) {
            Files.createLink(to, before);
            return false;
        }
        switch (status.type()) {
            case FileStatus.REGULAR -> content(file, to);
            case FileStatus.SYMLINK -> Inodes.symlink(file.readlink(), to);
            case FileStatus.CHARACTER, FileStatus.BLOCK, FileStatus.FIFO ->
                Inodes.mknod(to, status.mode(), status.rdev());
            default -> {
                return false;
            }
        }
        attributes(file, status, to);
        return false;
    }

    private boolean folder(Handle folder, FileStatus status, Path to, Path relative, boolean isStub)
            throws IOException {
        Files.createDirectory(to);
        boolean leftOut = contents(folder, to, relative);
        boolean opaque = OpaqueMark.is(folder.path().resolve("."));
        if ((isStub || leftOut && !opaque && isAsBelow(status, relative))
                && FileTrees.list(to).isEmpty()) {
            Files.delete(to);
            return true;
        }
        if (opaque) {
            OpaqueMark.make(to);
        }
        attributes(folder, status, to);
        return false;
    }

    private boolean isAsBelow(FileStatus status, Path relative) throws IOException {
        Optional<Path> below = lower.find(relative);
        return below.isEmpty() || LayerChanges.alike(Inodes.status(below.get()), status);
    }

    private static void content(Handle file, Path to) throws IOException {
        try (FileChannel in = file.read();
                FileChannel out = FileChannel.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            long size = in.size();
            for (long at = 0; at < size; ) {
                long copied = in.transferTo(at, size - at, out);
                if (copied <= 0) {
                    return;
                }
                at += copied;
            }
        }
    }

    private static void attributes(Handle file, FileStatus status, Path to) throws IOException {
        Inodes.lchown(to, status.uid(), status.gid());
        if (!status.isSymlink()) {
            Inodes.chmod(to, status.permissions());
            if (status.isRegular() || status.isDirectory()) {
                KeptXattrs.write(to, KeptXattrs.read(file));
            }
        }
        Inodes.utimensat(to, status.modified(), status.modifiedNanos());
    }
}
