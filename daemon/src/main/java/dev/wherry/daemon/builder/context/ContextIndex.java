package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.linux.Boot;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.PathBytes;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@linkplain SyncedContexts copy of a client's directory} holds. The index is removed before the copy changes, and
 * written when the change is complete, so that a copy with an index is what the index says. After a reboot that is no
 * longer certain, since neither is synced to the disk: the index then only suggests digests for the files that are there.
 *
 * @param owner whose directory it is
 * @param files by their paths; a digest is empty where it is unknown
 */
record ContextIndex(String owner, Map<Path, Held> files) {

    private static final String NAME = "index";
    private static final int FORMAT = 1;
    private static final int DIGEST_BYTES = 32;
    private static final long BLOCK = 4096;
    private static final byte[] UNKNOWN = {};

    /** A file, and the SHA-256 of its content. */
    record Held(SyncedFile file, byte[] digest) {

        static Held unread(SyncedFile file) {
            return new Held(file, UNKNOWN);
        }

        boolean isKnown() {
            return digest.length == DIGEST_BYTES;
        }
    }

    /** The room that the files take: whole blocks, of which an empty file takes one for its inode. */
    long bytes() {
        return files.values().stream()
                .mapToLong(held -> held.file().isRegular() ? held.file().size() : 0)
                .map(size -> Math.max(size + BLOCK - 1, BLOCK) / BLOCK * BLOCK)
                .sum();
    }

    static void remove(Path copy) throws IOException {
        Files.deleteIfExists(copy.resolve(NAME));
    }

    /** The beginning of an index: whose it is, and the room that the files take. */
    record Summary(long bytes, String boot, String owner) {}

    /** @param copy the folder of the copy */
    static Optional<Summary> summary(Path copy) {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(copy.resolve(NAME)), 256))) {
            return summary(in);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<Summary> summary(DataInputStream in) throws IOException {
        return in.readInt() == FORMAT
                ? Optional.of(new Summary(in.readLong(), in.readUTF(), in.readUTF()))
                : Optional.empty();
    }

    /** What the index of a copy says; empty if there is none, or it is damaged. */
    static Optional<ContextIndex> suggested(Path copy) {
        return read(copy).map(Stored::index);
    }

    /** What a copy holds, by its index, or else by a look at every file. */
    static ContextIndex of(Path copy, String owner) throws IOException {
        Optional<Stored> stored = read(copy);
        if (stored.isPresent() && stored.get().boot().equals(Boot.id())) {
            return stored.get().index();
        }
        Map<Path, Held> files = new HashMap<>();
        Map<Path, Held> suggested =
                stored.map(Stored::index).map(ContextIndex::files).orElse(Map.of());
        look(SyncedContexts.files(copy), Path.of(""), suggested, files);
        return new ContextIndex(owner, files);
    }

    private static void look(Path root, Path relative, Map<Path, Held> suggested, Map<Path, Held> files)
            throws IOException {
        Path directory = root.resolve(relative);
        for (Path child : Files.isDirectory(directory) ? FileTrees.list(directory) : List.<Path>of()) {
            FileStatus status = Inodes.status(child);
            Path path = relative.resolve(child.getFileName());
            SyncedFile file = new SyncedFile(
                    path,
                    status.mode(),
                    status.size(),
                    status.modified() * 1_000_000_000L + status.modifiedNanos(),
                    status.isSymlink() ? Inodes.readlink(child) : UNKNOWN);
            Held before = suggested.get(path);
            boolean same = before != null && before.file().hasContentOf(file);
            files.put(path, new Held(file, same ? before.digest() : UNKNOWN));
            if (status.isDirectory()) {
                look(root, path, suggested, files);
            }
        }
    }

    private record Stored(String boot, ContextIndex index) {}

    private static Optional<Stored> read(Path copy) {
        try {
            byte[] bytes = Files.readAllBytes(copy.resolve(NAME));
            int end = bytes.length - DIGEST_BYTES;
            MessageDigest check = Digest.newBulkSha256();
            check.update(bytes, 0, Math.max(end, 0));
            if (end <= 0 || !Arrays.equals(check.digest(), Arrays.copyOfRange(bytes, end, bytes.length))) {
                return Optional.empty();
            }
            return read(new DataInputStream(new ByteArrayInputStream(bytes, 0, end)));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<Stored> read(DataInputStream in) throws IOException {
        Optional<Summary> summary = summary(in);
        if (summary.isEmpty()) {
            return Optional.empty();
        }
        int count = in.readInt();
        Map<Path, Held> files = HashMap.newHashMap(count);
        for (int i = 0; i < count; i++) {
            Path path = PathBytes.path(in.readNBytes(in.readInt()));
            SyncedFile file =
                    new SyncedFile(path, in.readInt(), in.readLong(), in.readLong(), in.readNBytes(in.readInt()));
            files.put(path, new Held(file, in.readNBytes(in.readByte())));
        }
        return Optional.of(
                new Stored(summary.get().boot(), new ContextIndex(summary.get().owner(), files)));
    }

    /** @param copy the folder of the copy */
    void write(Path copy) throws IOException {
        Path part = copy.resolve(NAME + ".part");
        MessageDigest check = Digest.newBulkSha256();
        try (BufferedOutputStream file = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
            DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(new DigestOutputStream(file, check), 1 << 16));
            out.writeInt(FORMAT);
            out.writeLong(bytes());
            out.writeUTF(Boot.id());
            out.writeUTF(owner);
            out.writeInt(files.size());
            for (Held held : files.values()) {
                write(held, out);
            }
            out.flush();
            file.write(check.digest());
        }
        Files.move(part, copy.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void write(Held held, DataOutputStream out) throws IOException {
        SyncedFile file = held.file();
        byte[] path = PathBytes.of(file.path());
        out.writeInt(path.length);
        out.write(path);
        out.writeInt(file.mode());
        out.writeLong(file.size());
        out.writeLong(file.modifiedNanos());
        out.writeInt(file.linkTarget().length);
        out.write(file.linkTarget());
        out.writeByte(held.digest().length);
        out.write(held.digest());
    }
}
