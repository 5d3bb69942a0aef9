package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.snapshot.layer.Readahead.Loaded;
import dev.wherry.daemon.snapshot.tar.EntrySink;
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
import java.util.OptionalLong;
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
public final class LayerWriter {

    private static final byte[] NOTHING = {};
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    static final SortedMap<String, byte[]> NO_XATTRS = Collections.emptySortedMap();

    private final EntrySink tar;
    private final OptionalLong modified;
    private final boolean layer;
    private final boolean contents;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
    /** Names of the files with several links, by device and inode. */
    private final Map<Inode, byte[]> linked = new HashMap<>();

    private long size;

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

    public LayerWriter(OutputStream out) {
        this(new TarWriter(out), OptionalLong.empty(), true, true);
    }

    private LayerWriter(EntrySink tar, OptionalLong modified, boolean layer, boolean contents) {
        this.tar = tar;
        this.modified = modified;
        this.layer = layer;
        this.contents = contents;
    }

    /** Writes the entries of a layer without their content, which is not read. */
    public static LayerWriter ofEntries(EntrySink sink) {
        return new LayerWriter(sink, OptionalLong.empty(), true, false);
    }

    /**
     * Writes a file system that is no layer: names of whiteouts are names like any other.
     *
     * @param modified what every entry has as its time instead of its own, in seconds since 1970
     */
    public static LayerWriter ofTree(EntrySink tar, OptionalLong modified) {
        return new LayerWriter(tar, modified, false, true);
    }

    /** @param withRoot whether the root folder's own mode and owner belong to the layer */
    public void write(Path fs, boolean withRoot) throws IOException {
        if (withRoot) {
            FileStatus status = Inodes.status(fs);
            begin("./".getBytes(StandardCharsets.US_ASCII), status, Type.DIRECTORY, NOTHING, 0, KeptXattrs.read(fs));
            tar.end();
        }
        try (Readahead files = new Readahead(new LayerWalk(fs, layer), contents)) {
            for (Loaded file = files.next(); file != null; file = files.next()) {
                write(file);
            }
        }
        tar.finish();
    }

    /** Bytes of the regular files written. */
    public long size() {
        return size;
    }

    private void write(Loaded loaded) throws IOException {
        byte[] name = loaded.file().name();
        FileStatus status = loaded.file().status();
        int slash = status.isDirectory() ? -1 : lastSlash(name);
        byte[] own = Arrays.copyOfRange(name, slash + 1, name.length);
        if (status.isWhiteout()) {
            whiteout(Arrays.copyOf(name, slash + 1), Whiteouts.of(own));
        } else if (status.isDirectory()) {
            entry(loaded, Type.DIRECTORY, NOTHING);
            if (loaded.opaque()) {
                whiteout(name, Whiteouts.OPAQUE);
            }
        } else if (!(layer && Whiteouts.is(own)) && !linkedBefore(loaded)) {
            file(loaded);
        }
    }

    private static int lastSlash(byte[] name) {
        int at = name.length - 1;
        while (at >= 0 && name[at] != '/') {
            at--;
        }
        return at;
    }

    private void file(Loaded loaded) throws IOException {
        switch (loaded.file().status().type()) {
            case FileStatus.REGULAR -> regular(loaded);
            case FileStatus.SYMLINK ->
                entry(loaded, Type.SYMLINK, Inodes.readlink(loaded.file().path()));
            case FileStatus.CHARACTER -> entry(loaded, Type.CHARACTER, NOTHING);
            case FileStatus.BLOCK -> entry(loaded, Type.BLOCK, NOTHING);
            case FileStatus.FIFO -> entry(loaded, Type.FIFO, NOTHING);
            default -> {}
        }
    }

    private void regular(Loaded loaded) throws IOException {
        FileStatus status = loaded.file().status();
        begin(loaded.file().name(), status, Type.FILE, NOTHING, status.size(), loaded.xattrs());
        byte[] content = loaded.content();
        if (content == null && contents) {
            try (FileChannel file = FileChannel.open(loaded.file().path(), READ)) {
                content(file, status.size());
            }
        } else if (contents) {
            small(content, status.size());
        }
        tar.end();
        size += status.size();
    }

    private void small(byte[] content, long length) throws IOException {
        if (content.length < length) {
            throw shorter();
        }
        tar.write(content, 0, content.length);
    }

    private void content(FileChannel file, long length) throws IOException {
        long rest = length;
        while (rest > 0) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), rest));
            int read = file.read(buffer);
            if (read < 0) {
                throw shorter();
            }
            tar.write(buffer.array(), 0, read);
            rest -= read;
        }
    }

    private static EOFException shorter() {
        return new EOFException("a file has become shorter while it was read");
    }

    /** Writes a link instead, when this inode has been written under another name. */
    private boolean linkedBefore(Loaded loaded) throws IOException {
        FileStatus status = loaded.file().status();
        if (status.links() == 1 || status.type() == FileStatus.SOCKET) {
            return false;
        }
        byte[] before = linked.putIfAbsent(
                new Inode(status.device(), status.inode()), loaded.file().name());
        if (before == null) {
            return false;
        }
        begin(loaded.file().name(), status, Type.HARD_LINK, before, 0, NO_XATTRS);
        tar.end();
        return true;
    }

    private void entry(Loaded loaded, Type type, byte[] link) throws IOException {
        begin(loaded.file().name(), loaded.file().status(), type, link, 0, loaded.xattrs());
        tar.end();
    }

    private void begin(
            byte[] name, FileStatus status, Type type, byte[] link, long length, SortedMap<String, byte[]> xattrs)
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
                modified.orElse(status.modified()),
                0,
                isDevice ? status.major() : 0,
                isDevice ? status.minor() : 0,
                xattrs,
                List.of()));
    }

    private void whiteout(byte[] prefix, byte[] name) throws IOException {
        tar.begin(new TarEntry(
                LayerWalk.concat(prefix, name), Type.FILE, NOTHING, 0, 0, 0, 0, 0, 0, 0, 0, NO_XATTRS, List.of()));
        tar.end();
    }
}
