package dev.wherry.daemon.snapshot.tar;

import dev.wherry.daemon.snapshot.tar.TarEntry.Type;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Puts the entries of an archive into a folder of another one, which goes on afterwards. */
public final class FolderSink implements EntrySink {

    private static final int FOLDER = 0755;

    private final EntrySink sink;
    private final byte[] folder;

    /**
     * Begins the folder.
     *
     * @param name without slashes
     * @param modified of the folder, in seconds since 1970
     */
    public FolderSink(EntrySink sink, String name, long modified) throws IOException {
        this.sink = sink;
        this.folder = (name + "/").getBytes(StandardCharsets.UTF_8);
        sink.begin(TarEntry.plain(name + "/", Type.DIRECTORY, FOLDER, 0, modified));
        sink.end();
    }

    @Override
    public void begin(TarEntry entry) throws IOException {
        byte[] link = entry.type() == Type.HARD_LINK ? inside(entry.linkName()) : entry.linkName();
        sink.begin(new TarEntry(
                inside(entry.name()),
                entry.type(),
                link,
                entry.permissions(),
                entry.uid(),
                entry.gid(),
                entry.size(),
                entry.modified(),
                entry.modifiedNanos(),
                entry.major(),
                entry.minor(),
                entry.xattrs(),
                entry.extents()));
    }

    private byte[] inside(byte[] name) {
        ByteArrayOutputStream path = new ByteArrayOutputStream(folder.length + name.length);
        path.writeBytes(folder);
        path.writeBytes(name);
        return path.toByteArray();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        sink.write(bytes, offset, length);
    }

    @Override
    public void end() throws IOException {
        sink.end();
    }

    /** Ends the folder only. */
    @Override
    public void finish() {}
}
