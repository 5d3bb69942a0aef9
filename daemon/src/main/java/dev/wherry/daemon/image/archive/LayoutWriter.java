package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.ImageLayout;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.daemon.snapshot.tar.TarEntry.Type;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the files of an image layout (OCI image-spec, "Image Layout"). No time of writing is in them. */
public final class LayoutWriter {

    private static final byte[] LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);
    private static final int FILE = 0444;
    private static final int FOLDER = 0755;

    private final EntrySink sink;

    public LayoutWriter(EntrySink sink) {
        this.sink = sink;
    }

    /** The file that says that this is a layout. */
    public void mark() throws IOException {
        file(ImageLayout.MARK, LAYOUT);
    }

    /** The folders for blobs. */
    public void folders() throws IOException {
        for (String name : new String[] {"blobs/", "blobs/sha256/"}) {
            sink.begin(TarEntry.plain(name, Type.DIRECTORY, FOLDER, 0, 0));
            sink.end();
        }
    }

    /** The {@code index.json}. */
    public void index(byte[] bytes) throws IOException {
        file(ImageLayout.INDEX, bytes);
    }

    /** A small file. */
    void file(String name, byte[] bytes) throws IOException {
        sink.begin(TarEntry.plain(name, Type.FILE, FILE, bytes.length, 0));
        sink.write(bytes, 0, bytes.length);
        sink.end();
    }

    /** A small blob. */
    public void blob(Digest digest, byte[] bytes) throws IOException {
        file(ImageLayout.path(digest), bytes);
    }

    /** A layer. */
    public void blob(LayerBlob layer) throws IOException {
        sink.begin(TarEntry.plain(
                ImageLayout.path(layer.descriptor().digest()),
                Type.FILE,
                FILE,
                layer.descriptor().size(),
                0));
        layer.content().writeTo(new EntryContent(sink));
        sink.end();
    }

    /** Nothing follows. */
    public void finish() throws IOException {
        sink.finish();
    }

    /** The content of the present entry as a stream. */
    private static final class EntryContent extends OutputStream {

        private final EntrySink sink;

        EntryContent(EntrySink sink) {
            this.sink = sink;
        }

        @Override
        public void write(int b) throws IOException {
            sink.write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            sink.write(bytes, offset, length);
        }
    }
}
