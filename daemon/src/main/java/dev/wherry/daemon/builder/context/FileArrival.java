package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the files that a client sends, one at a time, as new files. */
final class FileArrival implements SyncedContexts.Receiver, AutoCloseable {

    private final Path root;
    private final Done done;
    private final Map<Path, SyncedFile> wanted = new HashMap<>();
    private SyncedFile current;
    private FileChannel channel;
    private long position;
    private MessageDigest digest;

    /** Takes a file that is complete. */
    interface Done {
        void arrived(SyncedFile file, byte[] digest) throws IOException;
    }

    FileArrival(Path root, List<SyncedFile> wanted, Done done) {
        this.root = root;
        this.done = done;
        wanted.forEach(file -> this.wanted.put(file.path(), file));
    }

    @Override
    public void chunk(Path path, byte[] data, boolean last) throws IOException {
        if (current == null || !path.equals(current.path())) {
            open(path);
        }
        if (position + data.length > current.size() || last && position + data.length < current.size()) {
            throw new InvalidInputException(path + " changed while it was sent: build again");
        }
        ByteBuffer rest = ByteBuffer.wrap(data);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
        digest.update(data);
        position += data.length;
        if (last) {
            SyncedFile arrived = current;
            close();
            wanted.remove(path);
            done.arrived(arrived, digest.digest());
        }
    }

    private void open(Path path) throws IOException {
        SyncedFile file = wanted.get(path);
        if (channel != null || file == null) {
            throw new InvalidInputException("the client sent a file that was not asked for: " + path);
        }
        channel = FileChannel.open(root.resolve(path), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        current = file;
        position = 0;
        digest = Digest.newBulkSha256();
    }

    /** @throws InvalidInputException when files are missing */
    void checkComplete() {
        if (!wanted.isEmpty()) {
            throw new InvalidInputException(
                    "the client did not send " + wanted.keySet().iterator().next());
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
            current = null;
        }
    }
}
