package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.daemon.snapshot.tar.TarEntry.Type;
import dev.wherry.daemon.snapshot.tar.TarWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Writes a layer's folder as a tar stream (OCI image-spec, "Image Layer Filesystem Changeset"). The stream depends on
 * the files alone: entries are in the order of their names' bytes, parents before children, owners are numbers, times
 * whole seconds.
 *
 * <p>What is left out because a layer cannot say it: sockets, which mean nothing without their process, and files whose
 * names begin with {@code .wh.}, which would make their namesakes disappear.
 */
final class LayerWriter {

    private static final byte[] NOTHING = {};
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final SortedMap<String, byte[]> NO_XATTRS = Collections.emptySortedMap();

    private final TarWriter tar;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
    /** Names of the files with several links, by device and inode. */
    private final Map<Inode, byte[]> linked = new HashMap<>();

    private long size;

    private record Inode(long device, long number) {}

    LayerWriter(OutputStream out) {
        this.tar = new TarWriter(out);
    }

    /** @param withRoot whether the root folder's own mode and owner belong to the layer */
    void write(Path fs, boolean withRoot) throws IOException {
        if (withRoot) {
            entry(fs, "./".getBytes(StandardCharsets.US_ASCII), Inodes.status(fs), Type.DIRECTORY, NOTHING);
        }
        children(fs, NOTHING);
        tar.finish();
    }

    /** Bytes of the regular files written. */
    long size() {
        return size;
    }

    private void children(Path directory, byte[] prefix) throws IOException {
        for (Path child : FileTrees.list(directory)) {
            byte[] name = PathBytes.of(child.getFileName());
            FileStatus status = Inodes.status(child);
            if (status.isWhiteout()) {
                whiteout(prefix, Whiteouts.of(name));
            } else if (!Whiteouts.is(name)) {
                file(child, concat(prefix, name), status);
            }
        }
    }

    private void file(Path path, byte[] name, FileStatus status) throws IOException {
        switch (status.type()) {
            case FileStatus.DIRECTORY -> directory(path, concat(name, new byte[] {'/'}), status);
            case FileStatus.REGULAR -> {
                if (!linkedBefore(path, name, status)) {
                    regular(path, name, status);
                }
            }
            case FileStatus.SYMLINK -> {
                if (!linkedBefore(path, name, status)) {
                    entry(path, name, status, Type.SYMLINK, Inodes.readlink(path));
                }
            }
            case FileStatus.CHARACTER -> node(path, name, status, Type.CHARACTER);
            case FileStatus.BLOCK -> node(path, name, status, Type.BLOCK);
            case FileStatus.FIFO -> node(path, name, status, Type.FIFO);
            default -> {}
        }
    }

    private void directory(Path path, byte[] name, FileStatus status) throws IOException {
        entry(path, name, status, Type.DIRECTORY, NOTHING);
        if (Opaque.is(path)) {
            whiteout(name, Whiteouts.OPAQUE);
        }
        children(path, name);
    }

    private void regular(Path path, byte[] name, FileStatus status) throws IOException {
        begin(path, name, status, Type.FILE, NOTHING, status.size());
        if (status.size() > 0) {
            try (FileChannel file = FileChannel.open(path, READ)) {
                content(file, status.size());
            }
        }
        tar.end();
        size += status.size();
    }

    private void content(FileChannel file, long length) throws IOException {
        long rest = length;
        while (rest > 0) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), rest));
            int read = file.read(buffer);
            if (read < 0) {
                throw new EOFException("a file has become shorter while it was read");
            }
            tar.write(buffer.array(), 0, read);
            rest -= read;
        }
    }

    private void node(Path path, byte[] name, FileStatus status, Type type) throws IOException {
        if (!linkedBefore(path, name, status)) {
            entry(path, name, status, type, NOTHING);
        }
    }

    /** Writes a link instead, when this inode has been written under another name. */
    private boolean linkedBefore(Path path, byte[] name, FileStatus status) throws IOException {
        if (status.links() == 1) {
            return false;
        }
        byte[] before = linked.putIfAbsent(new Inode(status.device(), status.inode()), name);
        if (before == null) {
            return false;
        }
        entry(path, name, status, Type.HARD_LINK, before);
        return true;
    }

    private void entry(Path path, byte[] name, FileStatus status, Type type, byte[] link) throws IOException {
        begin(path, name, status, type, link, 0);
        tar.end();
    }

    private void begin(Path path, byte[] name, FileStatus status, Type type, byte[] link, long length)
            throws IOException {
        boolean isDevice = type == Type.CHARACTER || type == Type.BLOCK;
        tar.begin(new TarEntry(
                name,
                type,
                link,
                status.permissions(),
                status.uid(),
                status.gid(),
                length,
                status.modified(),
                0,
                isDevice ? status.major() : 0,
                isDevice ? status.minor() : 0,
                type == Type.FILE || type == Type.DIRECTORY ? KeptXattrs.read(path) : NO_XATTRS,
                List.of()));
    }

    private void whiteout(byte[] prefix, byte[] name) throws IOException {
        tar.begin(new TarEntry(concat(prefix, name), Type.FILE, NOTHING, 0, 0, 0, 0, 0, 0, 0, 0, NO_XATTRS, List.of()));
        tar.end();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
