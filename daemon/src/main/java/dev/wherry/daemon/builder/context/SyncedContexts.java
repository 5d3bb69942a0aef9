package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Copies of build contexts whose client is elsewhere. The last one of each client's directory is kept, so that the next
 * build of it asks only for files whose stat differs. The client is not trusted: a path of its that would leave the
 * copy is refused, and nothing it sends is followed as a link.
 */
@Singleton
public final class SyncedContexts {

    private static final int MOST_FILES = 5_000_000;

    private final Path folder;
    private final Map<Path, ReentrantLock> locks = new ConcurrentHashMap<>();

    SyncedContexts(Layout layout) {
        this.folder = layout.contexts();
    }

    /** An empty directory, for a build whose Dockerfile is all it has. */
    public Path none() {
        try {
            return Files.createDirectories(folder.resolve("none"));
        } catch (IOException failure) {
            throw new HostException("cannot make an empty build context: " + failure.getMessage(), failure);
        }
    }

    /** Where the files of a copy are. */
    static Path files(Path folder, String name) {
        return folder.resolve(name).resolve("files");
    }

    /** Held while a build reads the copy, or something changes it. */
    ReentrantLock lock(Path root) {
        return locks.computeIfAbsent(root, unused -> new ReentrantLock());
    }

    /** What a client says of one of its files; the path is relative. */
    public record Entry(Path path, int mode, long size, long modifiedNanos, byte[] linkTarget) {

        boolean isDirectory() {
            return (mode & FileStatus.TYPE) == FileStatus.DIRECTORY;
        }

        boolean isRegular() {
            return (mode & FileStatus.TYPE) == FileStatus.REGULAR;
        }

        boolean isSymlink() {
            return (mode & FileStatus.TYPE) == FileStatus.SYMLINK;
        }
    }

    /** The other side: tells what is in its directory, and sends files. */
    public interface Client {

        /** All files, directories before what is in them. */
        List<Entry> list() throws InterruptedException;

        /** Sends the contents of these files to the receiver, each in order and to its end. */
        void read(List<Path> paths, Receiver receiver) throws InterruptedException, IOException;
    }

    /** Takes the contents of files. */
    @FunctionalInterface
    public interface Receiver {
        void chunk(Path path, byte[] data, boolean last) throws IOException;
    }

    /** A copy that is up to date, and stays as it is until it is closed. */
    public final class Copy implements AutoCloseable {

        private final Path root;
        private final ReentrantLock lock;

        private Copy(Path root, ReentrantLock lock) {
            this.root = root;
            this.lock = lock;
        }

        public Path root() {
            return root;
        }

        @Override
        public void close() {
            lock.unlock();
        }
    }

    /**
     * Brings the copy of a client's directory up to date. What the build ignores is neither asked for nor kept.
     *
     * @param name what tells one client's directory from all others
     * @param ignoreFiles where the ignore file may be, seen from the directory; the first that is there counts
     * @throws dev.wherry.daemon.builder.dockerfile.text.DockerfileException when a pattern in the ignore file is malformed
     */
    public Copy sync(String name, List<String> ignoreFiles, Client client) throws InterruptedException {
        Path root = files(folder, Digest.sha256(name).hex());
        ReentrantLock lock = lock(root);
        lock.lockInterruptibly();
        try {
            Files.createDirectories(root);
            // Says when the copy was last used.
            Files.setLastModifiedTime(root.getParent(), FileTime.from(Instant.now()));
            List<Entry> listed = client.list();
            if (listed.size() > MOST_FILES) {
                throw new ExhaustedException("the build context has more than " + MOST_FILES + " files");
            }
            listed.forEach(SyncedContexts::check);
            Optional<IgnoreFile> ignoreFile = IgnoreFile.among(listed, ignoreFiles);
            List<Entry> entries = ignoreFile.isPresent() ? ignoreFile.get().withoutIgnored(listed, client) : listed;
            removeOthers(root, entries);
            List<Entry> wanted = place(root, entries);
            fetch(root, wanted, client);
            for (Entry entry : entries.reversed()) {
                finish(root, entry);
            }
            return new Copy(root, lock);
        } catch (IOException failure) {
            lock.unlock();
            throw StorageFailure.of("cannot keep the build context", failure);
        } catch (Throwable failure) {
            lock.unlock();
            throw failure;
        }
    }

    private static void check(Entry entry) {
        boolean safe = !entry.path().isAbsolute() && !entry.path().toString().isEmpty();
        for (Path name : entry.path()) {
            safe &= !name.toString().equals("..") && !name.toString().equals(".");
        }
        if (!safe) {
            throw new InvalidInputException(
                    "the client's build context has a path that leads out of it: " + entry.path());
        }
    }

    /** Removes what the client no longer has, and what is of another type there. */
    private static void removeOthers(Path root, List<Entry> entries) throws IOException {
        Map<Path, Entry> known = new HashMap<>();
        entries.forEach(entry -> known.put(entry.path(), entry));
        removeOthers(root, Path.of(""), known);
    }

    private static void removeOthers(Path root, Path relative, Map<Path, Entry> known) throws IOException {
        for (Path child : FileTrees.list(root.resolve(relative))) {
            Path path = relative.resolve(child.getFileName());
            Entry entry = known.get(path);
            FileStatus status = Inodes.status(child);
            if (entry == null || (entry.mode() & FileStatus.TYPE) != status.type()) {
                FileTrees.remove(child);
            } else if (status.isDirectory()) {
                removeOthers(root, path, known);
            }
        }
    }

    /** Makes directories and links, and returns the files whose content is wanted. */
    private static List<Entry> place(Path root, List<Entry> entries) throws IOException {
        List<Entry> wanted = new ArrayList<>();
        Set<Path> directories = new HashSet<>(Set.of(root));
        for (Entry entry : entries) {
            Path target = root.resolve(entry.path());
            if (!directories.contains(target.getParent())) {
                throw new InvalidInputException(
                        "the client's build context lists " + entry.path() + " outside a directory");
            }
            Optional<FileStatus> there = Inodes.find(target);
            if (entry.isDirectory()) {
                directories.add(target);
                if (there.isEmpty()) {
                    Files.createDirectory(target);
                }
            } else if (entry.isSymlink()) {
                Files.deleteIfExists(target);
                Inodes.symlink(entry.linkTarget(), target);
            } else if (entry.isRegular() && !(there.isPresent() && same(there.get(), entry))) {
                wanted.add(entry);
            }
        }
        return wanted;
    }

    private static boolean same(FileStatus status, Entry entry) {
        return status.size() == entry.size()
                && status.modified() == Math.floorDiv(entry.modifiedNanos(), 1_000_000_000L)
                && status.modifiedNanos() == Math.floorMod(entry.modifiedNanos(), 1_000_000_000L);
    }

    private static void fetch(Path root, List<Entry> wanted, Client client) throws IOException, InterruptedException {
        if (wanted.isEmpty()) {
            return;
        }
        Map<Path, Long> sizes = new HashMap<>();
        wanted.forEach(entry -> sizes.put(entry.path(), entry.size()));
        Arrival arrival = new Arrival(root, sizes);
        try (arrival) {
            client.read(wanted.stream().map(Entry::path).toList(), arrival);
        }
        if (!sizes.isEmpty()) {
            throw new InvalidInputException(
                    "the client did not send " + sizes.keySet().iterator().next());
        }
    }

    private static void finish(Path root, Entry entry) throws IOException {
        Path target = root.resolve(entry.path());
        if (entry.isRegular() || entry.isDirectory() || entry.isSymlink()) {
            FileStatus status = Inodes.status(target);
            if (!entry.isSymlink() && status.permissions() != (entry.mode() & 07777)) {
                Inodes.chmod(target, entry.mode() & 07777);
            }
            if (!same(status, entry) || entry.isDirectory()) {
                Inodes.utimensat(target, Math.floorDiv(entry.modifiedNanos(), 1_000_000_000L), (int)
                        Math.floorMod(entry.modifiedNanos(), 1_000_000_000L));
            }
        }
    }

    /** Writes the files that arrive, one at a time. */
    private static final class Arrival implements Receiver, AutoCloseable {

        private final Path root;
        private final Map<Path, Long> wanted;
        private Path current;
        private FileChannel channel;

        Arrival(Path root, Map<Path, Long> wanted) {
            this.root = root;
            this.wanted = wanted;
        }

        @Override
        public void chunk(Path path, byte[] data, boolean last) throws IOException {
            if (!path.equals(current)) {
                open(path);
            }
            if (channel.position() + data.length > wanted.get(path)) {
                throw new InvalidInputException(path + " changed while it was sent: build again");
            }
            channel.write(ByteBuffer.wrap(data));
            if (last) {
                boolean whole = channel.position() == wanted.get(path);
                close();
                if (!whole) {
                    throw new InvalidInputException(path + " changed while it was sent: build again");
                }
                wanted.remove(path);
            }
        }

        private void open(Path path) throws IOException {
            if (channel != null || !wanted.containsKey(path)) {
                throw new InvalidInputException("the client sent a file that was not asked for: " + path);
            }
            Path target = root.resolve(path);
            Files.deleteIfExists(target);
            channel = FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            current = path;
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
}
