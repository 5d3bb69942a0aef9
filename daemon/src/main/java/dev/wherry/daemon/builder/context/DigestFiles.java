package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.metadata.Layout;
import jakarta.inject.Singleton;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Keeps what is known of the contents of build contexts: the last few in memory, all in one file a context. Such a file
 * carries the digest of itself; one that is damaged, or of another format, is as good as none.
 */
@Singleton
public final class DigestFiles {

    private static final int FORMAT = 1;
    private static final int IN_MEMORY = 16;
    private static final int DIGEST_BYTES = 32;

    private final Path folder;
    private final Map<Path, ContentDigests> recent = new LinkedHashMap<>(IN_MEMORY, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, ContentDigests> eldest) {
            return size() > IN_MEMORY;
        }
    };

    DigestFiles(Layout layout) {
        this.folder = layout.contexts();
    }

    /** What is known of the files of a context. */
    public synchronized ContentDigests of(Path contextRoot) {
        return recent.computeIfAbsent(contextRoot, this::load);
    }

    private ContentDigests load(Path contextRoot) {
        ContentDigests digests = new ContentDigests();
        try {
            byte[] bytes = Files.readAllBytes(file(contextRoot));
            int end = bytes.length - DIGEST_BYTES;
            MessageDigest check = Digest.newSha256();
            check.update(bytes, 0, Math.max(end, 0));
            if (end > 0 && Arrays.equals(check.digest(), Arrays.copyOfRange(bytes, end, bytes.length))) {
                read(new DataInputStream(new ByteArrayInputStream(bytes, 0, end)), digests);
            }
        } catch (IOException notKnown) {
            return new ContentDigests();
        }
        return digests;
    }

    private static void read(DataInputStream in, ContentDigests digests) throws IOException {
        if (in.readInt() != FORMAT) {
            return;
        }
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            ContentDigests.Inode inode = new ContentDigests.Inode(in.readLong(), in.readLong());
            digests.known()
                    .put(
                            inode,
                            new ContentDigests.Known(
                                    in.readLong(), in.readLong(), in.readLong(), in.readNBytes(DIGEST_BYTES)));
        }
    }

    /** Writes down what was learnt of a context since the last time. A failure is no harm: the files are read again. */
    public void save(Path contextRoot) {
        ContentDigests digests = of(contextRoot);
        if (!digests.takeChanged()) {
            return;
        }
        try {
            Path part = Files.createTempFile(Files.createDirectories(folder), "digests", ".part");
            try {
                write(part, new HashMap<>(digests.known()));
                Files.move(part, file(contextRoot), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException notKept) {
            // The next build reads the files again.
        }
    }

    /** Forgets the contexts that were not seen since then, and what a killed daemon left half written. */
    public synchronized void forget(Instant before) {
        Set<Path> inUse = new HashSet<>();
        recent.keySet().forEach(context -> inUse.add(file(context)));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{digests,part}")) {
            for (Path file : files) {
                if (!inUse.contains(file)
                        && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException notNow) {
            // They are small, and there is a next time.
        }
    }

    private static void write(Path part, Map<ContentDigests.Inode, ContentDigests.Known> known) throws IOException {
        MessageDigest check = Digest.newSha256();
        try (BufferedOutputStream file = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
            DataOutputStream out = new DataOutputStream(new DigestOutputStream(file, check));
            out.writeInt(FORMAT);
            out.writeInt(known.size());
            for (Map.Entry<ContentDigests.Inode, ContentDigests.Known> entry : known.entrySet()) {
                out.writeLong(entry.getKey().device());
                out.writeLong(entry.getKey().inode());
                out.writeLong(entry.getValue().size());
                out.writeLong(entry.getValue().modifiedNanos());
                out.writeLong(entry.getValue().changedNanos());
                out.write(entry.getValue().digest());
            }
            out.flush();
            file.write(check.digest());
        }
    }

    private Path file(Path contextRoot) {
        return folder.resolve(Digest.sha256(PathBytes.of(contextRoot)).hex() + ".digests");
    }
}
