package dev.wherry.daemon.builder.explain;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.metadata.Layout;
import jakarta.inject.Singleton;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The lists of files that copies read, each kept once, compressed, in a file named by its content digest. A path is
 * written as the part that differs from the one before it. A list that cannot be written or read is as good as none.
 */
@Singleton
final class FileLists {

    private static final int FORMAT = 1;

    /** Lists of more files are not kept. */
    private static final int MOST_FILES = 1_000_000;

    private static final int LONGEST_PATH = 16 * 1024;

    private final Path folder;

    FileLists(Layout layout) {
        this.folder = layout.history().resolve("files");
    }

    void put(FileList list) {
        Path file = file(list.content());
        if (Files.exists(file) || list.entries().size() > MOST_FILES) {
            return;
        }
        try {
            Path part = Files.createTempFile(Files.createDirectories(folder), "list", ".part");
            try {
                write(part, list.entries());
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException notKept) {
            // The next miss is explained without it.
        }
    }

    Optional<List<FileEntry>> find(Digest content) {
        try {
            return Optional.of(read(file(content)));
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }

    /** Removes every list but these. */
    void retain(Set<Digest> wanted) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.list")) {
            for (Path file : files) {
                String hex = file.getFileName().toString().replace(".list", "");
                if (!wanted.contains(new Digest("sha256", hex))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException none) {
            // There are none, or the next time removes them.
        }
    }

    private Path file(Digest content) {
        return folder.resolve(content.hex() + ".list");
    }

    private static void write(Path part, List<FileEntry> entries) throws IOException {
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(
                new DeflaterOutputStream(Files.newOutputStream(part), fast, 16 * 1024), 16 * 1024))) {
            out.writeInt(FORMAT);
            out.writeInt(entries.size());
            byte[] before = new byte[0];
            for (FileEntry entry : entries) {
                byte[] path = entry.path().getBytes(StandardCharsets.UTF_8);
                int shared = shared(before, path);
                out.writeShort(shared);
                out.writeShort(path.length - shared);
                out.write(path, shared, path.length - shared);
                out.writeInt(entry.mode());
                out.writeLong(entry.size());
                out.writeUTF(entry.owner());
                byte[] content = entry.content().getBytes(StandardCharsets.UTF_8);
                out.writeShort(content.length);
                out.write(content);
                before = path;
            }
        } finally {
            fast.end();
        }
    }

    private static int shared(byte[] before, byte[] path) {
        int mismatch = java.util.Arrays.mismatch(before, path);
        return mismatch < 0 ? path.length : mismatch;
    }

    private static List<FileEntry> read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(
                new BufferedInputStream(new InflaterInputStream(Files.newInputStream(file)), 16 * 1024))) {
            int count = in.readInt() == FORMAT ? in.readInt() : -1;
            if (count < 0 || count > MOST_FILES) {
                throw new IOException("another format");
            }
            List<FileEntry> entries = new ArrayList<>(count);
            byte[] path = new byte[LONGEST_PATH];
            for (int i = 0; i < count; i++) {
                int shared = in.readUnsignedShort();
                int own = in.readUnsignedShort();
                if (shared + own > LONGEST_PATH) {
                    throw new IOException("a path is too long");
                }
                in.readFully(path, shared, own);
                String name = new String(path, 0, shared + own, StandardCharsets.UTF_8);
                int mode = in.readInt();
                long size = in.readLong();
                String owner = in.readUTF();
                String content = new String(in.readNBytes(in.readUnsignedShort()), StandardCharsets.UTF_8);
                entries.add(new FileEntry(name, mode, size, owner, content));
            }
            return entries;
        }
    }
}
