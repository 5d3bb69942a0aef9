package dev.wherry.daemon.api.docker.buildkit.session;

import com.google.protobuf.ByteString;
import dev.wherry.buildkit.filesync.FileSyncGrpc;
import dev.wherry.buildkit.fsutil.Packet;
import dev.wherry.buildkit.fsutil.Stat;
import dev.wherry.daemon.api.docker.http.GoFileMode;
import dev.wherry.daemon.builder.context.SyncedContexts;
import dev.wherry.daemon.builder.context.SyncedFile;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.PathBytes;
import io.grpc.Metadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One walk through a directory of the client, by fsutil's packets: the client describes every file, in the order of their
 * names, and then sends the contents of those that it is asked for, by their place in that order. Small files are asked for
 * many at once, since their pieces come in any order; a large one alone, so that nothing of it waits in memory.
 */
final class FileWalk implements AutoCloseable {

    private static final int MOST_FILES = 1_000_000;
    private static final int LONGEST_NAME = 4096;
    private static final long MOST_NAMES = 64 << 20;
    private static final int MOST_ASKED = 128;
    private static final long MOST_BYTES_ASKED = 4 << 20;
    private static final long LARGE = 1 << 20;

    private final SessionCall<Packet, Packet> call;
    private final Map<Path, Sent> files = new HashMap<>();
    private int places;
    private long names;

    /** A file that can be asked for. */
    private record Sent(int place, long size) {}

    private FileWalk(SessionCall<Packet, Packet> call) {
        this.call = call;
    }

    /**
     * Begins a walk.
     *
     * @param directory as the client calls it
     * @param excludes patterns of what is not
     */
    static FileWalk begin(ClientSession session, String directory, List<String> excludes) {
        Metadata headers = new Metadata();
        put(headers, "dir-name", List.of(directory));
        put(headers, "exclude-patterns", excludes);
        return new FileWalk(session.openSmall(FileSyncGrpc.getDiffCopyMethod(), headers));
    }

    /**
     * Begins a walk to a few files alone.
     *
     * @param paths of them; where they are links, what these lead to comes too
     */
    static FileWalk follow(ClientSession session, String directory, List<String> paths) {
        Metadata headers = new Metadata();
        put(headers, "dir-name", List.of(directory));
        put(headers, "followpaths", paths);
        return new FileWalk(session.openSmall(FileSyncGrpc.getDiffCopyMethod(), headers));
    }

    /** Headers hold ASCII; what has anything else is encoded, and a header of its own says so. */
    private static void put(Metadata headers, String name, List<String> values) {
        boolean encoded = values.stream().anyMatch(value -> value.chars().anyMatch(c -> c < ' ' || c > '~'));
        Metadata.Key<String> key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
        values.forEach(value -> headers.put(key, encoded ? URLEncoder.encode(value, StandardCharsets.UTF_8) : value));
        if (encoded) {
            headers.put(Metadata.Key.of(name + "-encoded", Metadata.ASCII_STRING_MARSHALLER), "1");
        }
    }

    private Packet next() throws InterruptedException {
        Packet packet =
                call.next().orElseThrow(() -> new InvalidInputException("the client ended without sending its files"));
        if (packet.getType() == Packet.PacketType.PACKET_ERR) {
            throw new InvalidInputException(
                    "the client cannot send its files: " + packet.getData().toStringUtf8());
        }
        return packet;
    }

    /** Takes the descriptions of all files; the directory itself is not among them. */
    void list(Consumer<SyncedFile> listener) throws InterruptedException {
        while (true) {
            Packet packet = next();
            if (packet.getType() != Packet.PacketType.PACKET_STAT) {
                throw new InvalidInputException("the client sent something else instead of its list of files");
            }
            if (!packet.hasStat()) {
                return;
            }
            int place = places++;
            if (place >= MOST_FILES) {
                throw new ExhaustedException("the build context has more than " + MOST_FILES
                        + " files: choose a smaller directory as the build context");
            }
            Stat stat = packet.getStat();
            SyncedFile file = file(stat);
            if (GoFileMode.isRegular(stat.getMode())) {
                files.put(file.path(), new Sent(place, file.size()));
            }
            listener.accept(file);
        }
    }

    /** A further name of a file is described by its first name, and else as the file itself; here it is one of its own. */
    private SyncedFile file(Stat stat) {
        count(stat.getPathBytes());
        count(stat.getLinknameBytes());
        Path path = path(stat.getPathBytes());
        int mode = GoFileMode.toKernel(stat.getMode());
        boolean symlink = GoFileMode.isSymlink(stat.getMode());
        long size = stat.getSize();
        if (!symlink && !stat.getLinkname().isEmpty()) {
            Sent first = files.get(path(stat.getLinknameBytes()));
            if (first == null) {
                throw new InvalidInputException(
                        "the client's build context links " + path + " to a file that it does not have");
            }
            size = first.size();
        }
        return new SyncedFile(
                path,
                mode,
                symlink || !GoFileMode.isRegular(stat.getMode()) ? 0 : size,
                stat.getModTime(),
                symlink ? stat.getLinknameBytes().toByteArray() : new byte[0]);
    }

    /** A client names as many files as it likes, as long as their names can be kept. */
    private void count(ByteString name) {
        names += name.size();
        if (name.size() > LONGEST_NAME || names > MOST_NAMES) {
            throw new ExhaustedException("the names of the files in the build context are too long");
        }
    }

    private static Path path(ByteString bytes) {
        try {
            return PathBytes.path(bytes.toByteArray());
        } catch (InvalidPathException failure) {
            throw new InvalidInputException("the client's build context has a name with a NUL in it");
        }
    }

    boolean has(Path path) {
        return files.containsKey(path);
    }

    /** Gives the contents of files to the receiver, each to its end before the next. */
    void read(List<Path> paths, SyncedContexts.Receiver receiver) throws InterruptedException, IOException {
        Deque<Path> waiting = new ArrayDeque<>(paths);
        Map<Integer, Arrival> asked = new HashMap<>();
        while (!waiting.isEmpty() || !asked.isEmpty()) {
            askFor(waiting, asked);
            Packet packet = next();
            Arrival arrival = asked.get(packet.getID());
            if (packet.getType() != Packet.PacketType.PACKET_DATA || arrival == null) {
                throw new InvalidInputException("the client sent a file that was not asked for");
            }
            if (arrival.take(packet.getData(), receiver)) {
                asked.remove(packet.getID());
            }
        }
    }

    private void askFor(Deque<Path> waiting, Map<Integer, Arrival> asked) throws InterruptedException {
        long bytes = asked.values().stream().mapToLong(Arrival::weight).sum();
        while (!waiting.isEmpty() && asked.size() < MOST_ASKED) {
            Path path = waiting.peek();
            Sent file = files.get(path);
            if (file == null) {
                throw new InvalidInputException("the client has no file " + path);
            }
            Arrival arrival = new Arrival(path, file.size());
            long weight = arrival.weight();
            if (bytes + weight > MOST_BYTES_ASKED) {
                return;
            }
            waiting.remove();
            // fsutil sends a file once.
            files.remove(path);
            call.send(Packet.newBuilder()
                    .setType(Packet.PacketType.PACKET_REQ)
                    .setID(file.place())
                    .build());
            asked.put(file.place(), arrival);
            bytes += weight;
        }
    }

    /** A file that is on its way. */
    private static final class Arrival {

        private final Path path;
        private final long size;
        private final boolean large;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream(0);
        private long arrived;

        Arrival(Path path, long size) {
            this.path = path;
            this.size = size;
            this.large = size > LARGE;
        }

        /** A large file is as much as may be asked for at once: it comes alone. */
        long weight() {
            return large ? MOST_BYTES_ASKED : Math.max(1, size);
        }

        /** Whether it was the last piece, which is empty. */
        boolean take(ByteString data, SyncedContexts.Receiver receiver) throws IOException {
            arrived += data.size();
            if (arrived > size || data.isEmpty() && arrived < size) {
                throw new InvalidInputException(path + " changed while it was sent: build again");
            }
            if (large) {
                receiver.chunk(path, data.toByteArray(), data.isEmpty());
            } else if (!data.isEmpty()) {
                held.writeBytes(data.toByteArray());
            } else {
                receiver.chunk(path, held.toByteArray(), true);
            }
            return data.isEmpty();
        }
    }

    /** Ends the walk in order; the client then knows that all is well. */
    void finish() throws InterruptedException {
        call.send(Packet.newBuilder().setType(Packet.PacketType.PACKET_FIN).build());
        call.finish();
        try {
            while (call.next().isPresent()) {
                // The client's own end of the walk.
            }
        } catch (CancelledException gone) {
            // All that was wanted has arrived.
        }
    }

    @Override
    public void close() {
        call.close();
    }
}
