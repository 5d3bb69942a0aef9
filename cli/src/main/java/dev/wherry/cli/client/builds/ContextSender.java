package dev.wherry.cli.client.builds;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.client.files.RawPath;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.ContextEntries;
import dev.wherry.v1.ContextEntry;
import dev.wherry.v1.ContextRequest;
import dev.wherry.v1.FileChunk;
import io.grpc.StatusException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Answers the daemon's requests for files of the build context, when it cannot read them itself. No symbolic link is
 * followed: a link is sent as a link, and no file outside of the context is ever read.
 */
final class ContextSender {
    /** Sends one answer, and waits while the daemon cannot take it. */
    @FunctionalInterface
    interface Sink {
        void send(BuildRequest answer) throws InterruptedException, StatusException;
    }

    private static final int BATCH = 500;
    /** Long names could make a batch larger than the daemon takes in one message. */
    private static final int BATCH_BYTES = 48 << 10;

    private static final int LARGEST_DOCKERFILE = 200 << 10;
    private static final String ATTRIBUTES = "unix:mode,size,lastModifiedTime";

    /** {@code null} for a build without a context. */
    private final Path root;

    /** {@code null} unless the context is an archive. */
    private final InputStream archive;

    private final Sink sink;
    /** Files whose names are not text, which cannot be found by what the daemon calls them. */
    private final Map<ByteString, Path> oddlyNamed = new HashMap<>();

    private ContextEntries.Builder batch = ContextEntries.newBuilder();
    private int batchBytes;

    ContextSender(Path root, InputStream archive, Sink sink) {
        this.root = root;
        this.archive = archive;
        this.sink = sink;
    }

    void answer(ContextRequest request) throws IOException, InterruptedException, StatusException {
        switch (request.getRequestCase()) {
            case LIST -> list();
            case READ -> {
                for (ByteString path : request.getRead().getPathsList()) {
                    read(path);
                }
            }
            case DOCKERFILE ->
                sink.send(BuildRequest.newBuilder()
                        .setDockerfile(dockerfile(request.getDockerfile()))
                        .build());
            case ARCHIVE -> archive();
            case REQUEST_NOT_SET -> {}
        }
    }

    private void archive() throws InterruptedException, StatusException {
        if (archive == null) {
            send(FileChunk.newBuilder().setLast(true).setError("the build context is no archive"));
            return;
        }
        try {
            send(FileChunk.newBuilder(), archive);
        } catch (IOException e) {
            send(FileChunk.newBuilder().setLast(true).setError(CallFailures.sentence(e)));
        }
    }

    private void send(FileChunk.Builder answer, InputStream content)
            throws IOException, InterruptedException, StatusException {
        byte[] data = content.readNBytes(DaemonChannel.CHUNK);
        while (true) {
            byte[] next = data.length < DaemonChannel.CHUNK ? new byte[0] : content.readNBytes(DaemonChannel.CHUNK);
            send(answer.setData(ByteString.copyFrom(data)).setLast(next.length == 0));
            if (next.length == 0) {
                return;
            }
            data = next;
        }
    }

    private void list() throws IOException, InterruptedException, StatusException {
        batch = ContextEntries.newBuilder();
        batchBytes = 0;
        if (root != null) {
            walk(root, RawPath.bytes(root).size() + (root.getNameCount() == 0 ? 0 : 1));
        }
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
                add(entry(name, child, attributes));
                if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    walk(child, prefix);
                }
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static ContextEntry entry(ByteString name, Path file, Map<String, Object> attributes) throws IOException {
        ContextEntry.Builder entry = ContextEntry.newBuilder()
                .setPath(name)
                .setMode((Integer) attributes.get("mode"))
                .setSize((Long) attributes.get("size"))
                .setModifiedNanos(((FileTime) attributes.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS));
        if (Files.isSymbolicLink(file)) {
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

    private void read(ByteString name) throws InterruptedException, StatusException {
        FileChunk.Builder answer = FileChunk.newBuilder().setPath(name);
        Path file = root == null
                ? null
                : oddlyNamed.getOrDefault(
                        name, root.resolve(name.toStringUtf8()).normalize());
        if (file == null || !isInside(file)) {
            send(answer.setLast(true).setError("not a file of the build context"));
            return;
        }
        try (InputStream content = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            send(answer, content);
        } catch (IOException e) {
            send(answer.clearData().setLast(true).setError(CallFailures.sentence(e)));
        }
    }

    private void send(FileChunk.Builder chunk) throws InterruptedException, StatusException {
        sink.send(BuildRequest.newBuilder().setChunk(chunk.build()).build());
    }

    /** Whether a file lies in the context, with no link on the way out of it. */
    private boolean isInside(Path file) {
        try {
            Path parent = file.getParent();
            return file.startsWith(root)
                    && parent != null
                    && parent.toRealPath().startsWith(root);
        } catch (IOException e) {
            return false;
        }
    }

    private ByteString dockerfile(String named) throws IOException {
        Path usual = root.resolve(named.isEmpty() ? "Dockerfile" : named);
        // As docker does, on file systems that tell small letters from capitals.
        Path file = usual.endsWith("Dockerfile") && Files.notExists(usual) ? usual.resolveSibling("dockerfile") : usual;
        if (!Files.isRegularFile(file)) {
            throw new Failure("Dockerfile " + usual + " not found");
        }
        if (Files.size(file) > LARGEST_DOCKERFILE) {
            throw new Failure("Dockerfile " + file + " is larger than " + (LARGEST_DOCKERFILE >> 10) + " KiB");
        }
        return ByteString.copyFrom(Files.readAllBytes(file));
    }
}
