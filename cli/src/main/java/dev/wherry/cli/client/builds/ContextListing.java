package dev.wherry.cli.client.builds;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.files.RawPath;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.ContextEntries;
import dev.wherry.v1.ContextEntry;
import io.grpc.StatusException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Lists a build context for the daemon: one stat a file, in batches that fit in a message. */
final class ContextListing {
    private static final int BATCH = 4000;
    /** Long names could make a batch larger than the daemon takes in one message. */
    private static final int BATCH_BYTES = 100 << 10;

    private static final String ATTRIBUTES = "unix:mode,size,lastModifiedTime";
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int SYMLINK = 0120000;

    private final Path root;
    private final Map<ByteString, Path> oddlyNamed;
    private final ContextSender.Sink sink;
    private ContextEntries.Builder batch = ContextEntries.newBuilder();
    private int batchBytes;

    /** @param oddlyNamed gets the files whose names are not text */
    ContextListing(Path root, Map<ByteString, Path> oddlyNamed, ContextSender.Sink sink) {
        this.root = root;
        this.oddlyNamed = oddlyNamed;
        this.sink = sink;
    }

    /** Says that there are no files. */
    static void none(ContextSender.Sink sink) throws InterruptedException, StatusException {
        sink.send(BuildRequest.newBuilder()
                .setEntries(ContextEntries.newBuilder().setDone(true))
                .build());
    }

    void send() throws IOException, InterruptedException, StatusException {
        walk(root, RawPath.bytes(root).size() + (root.getNameCount() == 0 ? 0 : 1));
        sink.send(BuildRequest.newBuilder().setEntries(batch.setDone(true)).build());
    }

    private void walk(Path directory, int prefix) throws IOException, InterruptedException, StatusException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                ByteString name = RawPath.bytes(child).substring(prefix);
                if (!name.isValidUtf8()) {
                    oddlyNamed.put(name, child);
                }
                Map<String, Object> attributes = Files.readAttributes(child, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                int type = (Integer) attributes.get("mode") & TYPE;
                add(entry(name, child, attributes, type == SYMLINK));
                if (type == DIRECTORY) {
                    walk(child, prefix);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static ContextEntry entry(ByteString name, Path file, Map<String, Object> attributes, boolean isLink)
            throws IOException {
        ContextEntry.Builder entry = ContextEntry.newBuilder()
                .setPath(name)
                .setMode((Integer) attributes.get("mode"))
                .setSize((Long) attributes.get("size"))
                .setModifiedNanos(((FileTime) attributes.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS));
        if (isLink) {
            Path target = Files.readSymbolicLink(file);
            ByteString bytes =
                    RawPath.bytes(target.isAbsolute() ? target : Path.of("/").resolve(target));
            entry.setLinkTarget(target.isAbsolute() ? bytes : bytes.substring(1));
        }
        return entry.build();
    }

    private void add(ContextEntry entry) throws InterruptedException, StatusException {
        int size = entry.getSerializedSize() + 8;
        if (batch.getEntriesCount() == BATCH || batchBytes + size > BATCH_BYTES) {
            sink.send(BuildRequest.newBuilder().setEntries(batch).build());
            batch = ContextEntries.newBuilder();
            batchBytes = 0;
        }
        batch.addEntries(entry);
        batchBytes += size;
    }
}
