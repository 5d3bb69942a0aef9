package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.content.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Contents that an owner sent before, in any of its contexts, by their digests. Other owners' contents are never looked at:
 * whoever knows a digest could otherwise get the file.
 */
final class OwnedContents {

    private static final int BUFFER = 64 << 10;

    /** Sizes of files that are known. */
    private final Set<Long> sizes = new HashSet<>();

    private final Map<ByteBuffer, Path> places = new HashMap<>();

    private OwnedContents() {}

    /**
     * Finds the files of an owner that could have the content of some others.
     *
     * @param copies folders of copies, of whichever owner
     */
    static OwnedContents of(String owner, List<Path> copies, Collection<SyncedFile> wanted) {
        Set<Long> sizes = new HashSet<>();
        wanted.forEach(file -> sizes.add(file.size()));
        OwnedContents contents = new OwnedContents();
        for (Path copy : copies) {
            ContextIndex.suggested(copy)
                    .filter(index -> index.owner().equals(owner))
                    .ifPresent(index -> index.files().values().stream()
                            .filter(held ->
                                    held.isKnown() && sizes.contains(held.file().size()))
                            .forEach(held -> contents.add(
                                    held,
                                    SyncedContexts.files(copy)
                                            .resolve(held.file().path()))));
        }
        return contents;
    }

    private void add(ContextIndex.Held held, Path place) {
        sizes.add(held.file().size());
        places.put(ByteBuffer.wrap(held.digest()), place);
    }

    boolean mayHave(SyncedFile file) {
        return sizes.contains(file.size());
    }

    /**
     * Copies a content to a new file. What is copied is verified: the copy that it comes from may be changing now.
     *
     * @return whether it was known
     */
    boolean copy(byte[] digest, Path target) throws IOException {
        Path place = places.get(ByteBuffer.wrap(digest));
        if (place == null) {
            return false;
        }
        MessageDigest check = Digest.newBulkSha256();
        try (InputStream in = Files.newInputStream(place, LinkOption.NOFOLLOW_LINKS);
                OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                check.update(buffer, 0, count);
                out.write(buffer, 0, count);
            }
        } catch (IOException goneMeanwhile) {
            Files.deleteIfExists(target);
            return false;
        }
        if (!Arrays.equals(check.digest(), digest)) {
            Files.deleteIfExists(target);
            return false;
        }
        return true;
    }
}
