package dev.wherry.cli.client.builds;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.ContextRequest;
import dev.wherry.v1.FileChunk;
import dev.wherry.v1.FileChunks;
import dev.wherry.v1.FileDigests;
import io.grpc.StatusException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers the daemon's requests for files of the build context, when it cannot read them itself. The daemon is not trusted:
 * no symbolic link is followed, and no file outside of the context is ever read, but for the Dockerfile that the user named.
 */
final class ContextSender {
    /** Sends one answer, and waits while the daemon cannot take it. */
    @FunctionalInterface
    interface Sink {
        void send(BuildRequest answer) throws InterruptedException, StatusException;
    }

    private static final int LARGEST_DOCKERFILE = 200 << 10;

    /** What a chunk takes in a message besides its name and content, at most. */
    private static final int OVERHEAD = 32;

    /** {@code null} for a build without a context. */
    private final Path root;

    /** {@code null} unless the context is an archive. */
    private final InputStream archive;

    /** As the user named it, from the root; empty for the usual one. */
    private final String dockerfile;

    private final Sink sink;
    /** Files whose names are not text, which cannot be found by what the daemon calls them. */
    private final Map<ByteString, Path> oddlyNamed = new HashMap<>();

    /** The directory that was last found to lie in the context, for the present answer. */
    private Path inside;

    private FileChunks.Builder chunks = FileChunks.newBuilder();
    private int chunkBytes;

    ContextSender(Path root, InputStream archive, String dockerfile, Sink sink) {
        this.root = root;
        this.archive = archive;
        this.dockerfile = dockerfile;
        this.sink = sink;
    }

    void answer(ContextRequest request) throws IOException, InterruptedException, StatusException {
        inside = null;
        switch (request.getRequestCase()) {
            case LIST -> {
                if (root == null) {
                    ContextListing.none(sink);
                } else {
                    new ContextListing(root, oddlyNamed, sink).send();
                }
            }
            case READ -> {
                for (ByteString path : request.getRead().getPathsList()) {
                    read(path);
                }
                flush();
            }
            case DIGEST -> digest(request.getDigest().getPathsList());
            case DOCKERFILE ->
                sink.send(BuildRequest.newBuilder().setDockerfile(dockerfile()).build());
            case ARCHIVE -> {
                archive();
                flush();
            }
            case REQUEST_NOT_SET -> {}
        }
    }

    private void archive() throws InterruptedException, StatusException {
        if (archive == null) {
            add(FileChunk.newBuilder().setLast(true).setError("the build context is no archive"));
            return;
        }
        try {
            send(FileChunk.newBuilder(), archive);
        } catch (IOException e) {
            add(FileChunk.newBuilder().setLast(true).setError(CallFailures.sentence(e)));
        }
    }

    private void send(FileChunk.Builder answer, InputStream content)
            throws IOException, InterruptedException, StatusException {
        byte[] data = content.readNBytes(DaemonChannel.CHUNK);
        while (true) {
            byte[] next = data.length < DaemonChannel.CHUNK ? new byte[0] : content.readNBytes(DaemonChannel.CHUNK);
            add(answer.setData(ByteString.copyFrom(data)).setLast(next.length == 0));
            if (next.length == 0) {
                return;
            }
            data = next;
        }
    }

    private void read(ByteString name) throws InterruptedException, StatusException {
        FileChunk.Builder answer = FileChunk.newBuilder().setPath(name);
        Path file = file(name);
        if (file == null) {
            add(answer.setLast(true).setMissing(true).setError("not a file of the build context"));
            return;
        }
        try (InputStream content = open(file)) {
            send(answer, content);
        } catch (IOException e) {
            add(answer.clearData().setLast(true).setError(CallFailures.sentence(e)));
        }
    }

    private static InputStream open(Path file) throws IOException {
        return Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    /** Small files go out together. */
    private void add(FileChunk.Builder chunk) throws InterruptedException, StatusException {
        FileChunk built = chunk.build();
        int size = built.getSerializedSize() + OVERHEAD;
        if (chunkBytes > 0 && chunkBytes + size > DaemonChannel.CHUNK) {
            flush();
        }
        chunks.addChunks(built);
        chunkBytes += size;
        if (chunkBytes >= DaemonChannel.CHUNK) {
            flush();
        }
    }

    private void flush() throws InterruptedException, StatusException {
        if (chunkBytes > 0) {
            BuildRequest answer = BuildRequest.newBuilder().setChunks(chunks).build();
            chunks = FileChunks.newBuilder();
            chunkBytes = 0;
            sink.send(answer);
        }
    }

    private void digest(List<ByteString> names) throws InterruptedException, StatusException {
        FileDigests.Builder digests = FileDigests.newBuilder();
        for (ByteString name : names) {
            digests.addDigests(digest(file(name)));
        }
        sink.send(BuildRequest.newBuilder().setDigests(digests).build());
    }

    private static ByteString digest(Path file) {
        if (file == null) {
            return ByteString.EMPTY;
        }
        try (InputStream content = open(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[DaemonChannel.CHUNK];
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return ByteString.copyFrom(digest.digest());
        } catch (IOException unreadable) {
            // The daemon asks for the content then, and is told why.
            return ByteString.EMPTY;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The regular file of the context that the daemon names; {@code null} if there is none. */
    private Path file(ByteString name) {
        if (root == null || name.isEmpty()) {
            return null;
        }
        try {
            Path odd = oddlyNamed.get(name);
            Path file = odd != null ? odd : root.resolve(name.toStringUtf8()).normalize();
            return isInside(file) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? file : null;
        } catch (InvalidPathException noName) {
            return null;
        }
    }

    /** Whether a file lies in the context, with no link on the way out of it. */
    private boolean isInside(Path file) {
        Path parent = file.getParent();
        if (!file.startsWith(root) || parent == null) {
            return false;
        }
        if (parent.equals(inside)) {
            return true;
        }
        try {
            inside = parent.toRealPath().startsWith(root) ? parent : null;
            return inside != null;
        } catch (IOException e) {
            return false;
        }
    }

    private ByteString dockerfile() throws IOException {
        if (root == null) {
            throw new Failure("build: wherryd asked for a Dockerfile that it was not told of");
        }
        Path usual = root.resolve(dockerfile.isEmpty() ? "Dockerfile" : dockerfile);
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
