package dev.wherry.daemon.build.context;

import dev.wherry.daemon.build.cache.Fingerprint;
import dev.wherry.daemon.content.Digest;
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

/** Reads what files hold, for their digests. */
public final class FileContents {

    private static final int SMALL = 64 * 1024;
    private static final int LARGE = 1024 * 1024;

    private FileContents() {}

    /** Extended attributes that a copy takes along: the user's own, and file capabilities. */
    public static boolean isCopied(String xattr) {
        return xattr.startsWith("user.") || xattr.equals("security.capability");
    }

    /** The digest of a regular file's content and of those of its extended attributes that are copied. */
    static byte[] digest(SourceFile file) throws IOException {
        MessageDigest content = Digest.newSha256();
        Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try (FileChannel channel = FileChannel.open(file.path(), options)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(file.status().size() <= SMALL ? SMALL : LARGE);
            while (channel.read(buffer) >= 0) {
                content.update(buffer.flip());
                buffer.clear();
            }
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
