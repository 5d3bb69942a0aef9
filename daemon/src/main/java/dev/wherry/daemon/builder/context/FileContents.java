package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Fingerprint;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Reads what files hold, for their digests. */
public final class FileContents {

    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final int CHUNK = 128 * 1024;

    /** More files at once than this are not read any sooner. */
    private static final int READERS = 2 * Runtime.getRuntime().availableProcessors();

    private static final BlockingQueue<byte[]> BUFFERS = new ArrayBlockingQueue<>(READERS);

    static {
        for (int i = 0; i < READERS; i++) {
            BUFFERS.add(new byte[CHUNK]);
        }
    }

    private FileContents() {}

    /** Extended attributes that a copy takes along: the user's own, and file capabilities. */
    public static boolean isCopied(String xattr) {
        return xattr.startsWith("user.") || xattr.equals("security.capability");
    }

    /**
     * The digest of a regular file's content and of those of its extended attributes that are copied. Waits while many
     * others are being read.
     */
    static byte[] digest(SourceFile file) throws IOException, InterruptedException {
        MessageDigest content = Digest.newBulkSha256();
        byte[] buffer = BUFFERS.take();
        try (FileChannel channel = FileChannel.open(file.path(), READ)) {
            ByteBuffer bytes = ByteBuffer.wrap(buffer);
            for (int length = channel.read(bytes); length >= 0; length = channel.read(bytes.clear())) {
                content.update(buffer, 0, length);
            }
        } finally {
            BUFFERS.add(buffer);
        }
        addXattrs(file.path(), content);
        return content.digest();
    }

    private static void addXattrs(Path path, MessageDigest content) throws IOException {
        List<String> names = Inodes.xattrs(path);
        if (names.stream().anyMatch(FileContents::isCopied)) {
            content.update(xattrs(path, names).getBytes());
        }
    }

    private static String xattrs(Path path, List<String> names) throws IOException {
        Fingerprint fingerprint = new Fingerprint("xattrs");
        for (String name : names) {
            if (isCopied(name)) {
                fingerprint.add(name).add(Inodes.xattr(path, name).orElseThrow());
            }
        }
        return fingerprint.digest().toString();
    }

    /** Adds what a copy takes of a file that is not regular. */
    static void add(SourceFile file, Fingerprint fingerprint) throws IOException {
        if (file.status().isSymlink()) {
            fingerprint.add(Inodes.readlink(file.path()));
        } else if (file.status().isDirectory()) {
            fingerprint.add(xattrs(file.path(), Inodes.xattrs(file.path())));
        } else {
            fingerprint.add(file.status().rdev());
        }
    }
}
