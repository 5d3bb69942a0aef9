package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.daemon.snapshot.tar.TarEntry.Type;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Writes files of a tree that processes may change meanwhile into an archive: parents before children, in the order of
 * their names' bytes. No symbolic link is ever followed, and nothing but regular files is opened. What vanishes is left
 * out, a file that becomes shorter is filled up with zeros, and of one that grows the rest is missing. Sockets are left
 * out, and so is what is in the file systems by which the kernel shows its state.
 */
public final class LiveArchive {

    private static final byte[] NOTHING = {};
    private static final int BUFFER = 64 << 10;

    private final EntrySink sink;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    /** Names of the files with several links, by device and inode. */
    private final Map<Inode, byte[]> linked = new HashMap<>();

    /** Written out: what a record brings along is interpreted in a native executable. */
    private record Inode(long device, long number) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Inode that && device == that.device && number == that.number;
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(device) + Long.hashCode(number);
        }
    }

    public LiveArchive(EntrySink sink) {
        this.sink = sink;
    }

    /**
     * Writes what has a name in a folder, with all in it.
     *
     * @param entry its name in the archive
     */
    public void write(Handle folder, Path name, byte[] entry) throws IOException {
        Optional<Handle> found = folder.child(name);
        if (found.isEmpty()) {
            return;
        }
        try (Handle file = found.get()) {
            FileStatus status = file.status();
            switch (status.type()) {
                case FileStatus.DIRECTORY -> folder(file, entry);
                case FileStatus.REGULAR -> regular(file, status, entry);
                case FileStatus.SYMLINK -> entry(entry, status, Type.SYMLINK, file.readlink(), LayerWriter.NO_XATTRS);
                case FileStatus.CHARACTER -> entry(entry, status, Type.CHARACTER, NOTHING, LayerWriter.NO_XATTRS);
                case FileStatus.BLOCK -> entry(entry, status, Type.BLOCK, NOTHING, LayerWriter.NO_XATTRS);
                case FileStatus.FIFO -> entry(entry, status, Type.FIFO, NOTHING, LayerWriter.NO_XATTRS);
                default -> {}
            }
        }
    }

    /** Writes a folder that is held, and all in it. */
    public void folder(Handle folder, byte[] entry) throws IOException {
        byte[] prefix =
                entry.length > 0 && entry[entry.length - 1] == '/' ? entry : LayerWalk.concat(entry, new byte[] {'/'});
        entry(prefix, folder.status(), Type.DIRECTORY, NOTHING, KeptXattrs.read(folder));
        contents(folder, prefix);
    }

    /** Writes what is in a folder, but not itself. */
    public void contents(Handle folder, byte[] prefix) throws IOException {
        CancelledException.throwIfInterrupted();
        if (folder.isKernelTree()) {
            return;
        }
        for (Path name : folder.names()) {
            write(folder, name, LayerWalk.concat(prefix, PathBytes.of(name)));
        }
    }

    /** Ends the archive. */
    public void finish() throws IOException {
        sink.finish();
    }

    private void regular(Handle file, FileStatus status, byte[] name) throws IOException {
        if (status.links() > 1) {
            byte[] before = linked.putIfAbsent(new Inode(status.device(), status.inode()), name);
            if (before != null) {
                entry(name, status, Type.HARD_LINK, before, LayerWriter.NO_XATTRS);
                return;
            }
        }
        try (FileChannel channel = file.read()) {
            begin(name, status, Type.FILE, NOTHING, status.size(), KeptXattrs.read(file));
            content(channel, status.size());
            sink.end();
        }
    }

    private void content(FileChannel channel, long length) throws IOException {
        boolean ended = false;
        for (long rest = length; rest > 0; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), rest));
            int read = ended ? -1 : channel.read(buffer);
            if (read < 0) {
                read = buffer.limit();
                if (!ended) {
                    Arrays.fill(buffer.array(), (byte) 0);
                }
                ended = true;
            }
            sink.write(buffer.array(), 0, read);
            rest -= read;
        }
    }

    private void entry(byte[] name, FileStatus status, Type type, byte[] link, SortedMap<String, byte[]> xattrs)
            throws IOException {
        begin(name, status, type, link, 0, xattrs);
        sink.end();
    }

    private void begin(
            byte[] name, FileStatus status, Type type, byte[] link, long size, SortedMap<String, byte[]> xattrs)
            throws IOException {
        boolean isDevice = type == Type.CHARACTER || type == Type.BLOCK;
        sink.begin(new TarEntry(
                name,
                type,
                link,
                status.permissions(),
                status.uid(),
                status.gid(),
                size,
                status.modified(),
                0,
                isDevice ? status.major() : 0,
                isDevice ? status.minor() : 0,
                xattrs,
                List.of()));
    }
}
