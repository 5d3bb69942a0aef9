package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Ingest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.ImageLayout;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.compression.Compression;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.daemon.snapshot.tar.TarEntry.Type;
import dev.wherry.daemon.snapshot.tar.TarReader;
import dev.wherry.daemon.snapshot.unpack.UnpackLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files of an archive of images, taken into the stores in one pass. A file in {@code blobs} must be what its
 * name says. Names are looked up here alone and never on disk, and files that no image needs are passed over.
 */
final class ArchiveFiles {

    private static final int BUFFER = 1 << 18;
    /** As much as tells what a file is. */
    private static final int HEAD = 512;

    private static final int MAX_ENTRIES = 100_000;
    private static final int MAX_LINKS = 8;
    /** Archives are padded with zeros; nobody needs more after the end. */
    private static final long MAX_PADDING = 1 << 20;

    /** What docker wrote before there were image layouts, and still writes beside one. */
    static final String DOCKER_MANIFEST = "manifest.json";

    private static final Set<String> DOCUMENTS = Set.of(ImageLayout.INDEX, DOCKER_MANIFEST);
    private static final String BLOBS = "blobs/";
    /** What docker 1.9 and older read, and the mark of an image layout. */
    private static final Set<String> IGNORED = Set.of("VERSION", "json", "repositories", "oci-layout");

    private final ContentStore content;
    private final PlainLayers layers;
    private final Lease lease;
    private final byte[] buffer = new byte[BUFFER];
    private final Map<String, byte[]> documents = new HashMap<>();
    private final Map<String, StoredFile> stored = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();
    private final Set<String> names = new HashSet<>();

    /** A file that is here now: in the content store, or among the plain layers. */
    record StoredFile(Digest digest, long size, Compression compression) {}

    /**
     * @param layers takes the files that are layers as they are
     * @param lease takes hold of all content
     */
    ArchiveFiles(ContentStore content, PlainLayers layers, Lease lease) {
        this.content = content;
        this.layers = layers;
        this.lease = lease;
    }

    /**
     * Reads an archive, uncompressed, to its end.
     *
     * @throws CorruptContentException when it breaks off, has a file twice, or a blob is not what its name says
     */
    void read(InputStream stream) throws IOException {
        TarReader tar = new TarReader(stream, UnpackLimits.DEFAULT.headerBytes());
        Optional<TarEntry> entry;
        while ((entry = tar.next()).isPresent()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancelledException("the load was cancelled");
            }
            if (names.size() >= MAX_ENTRIES) {
                throw new ExhaustedException("the archive has more than " + MAX_ENTRIES + " files: refused");
            }
            take(entry.get(), tar);
        }
        if (!tar.ended()) {
            throw new CorruptContentException("the archive breaks off: the mark that ends it is missing");
        }
        long padding = 0;
        for (int count; padding < MAX_PADDING && (count = stream.read(buffer)) >= 0; ) {
            padding += count;
        }
    }

    /** A document at the top of the archive. */
    Optional<byte[]> document(String name) {
        return Optional.ofNullable(documents.get(name));
    }

    /**
     * The file of this name, or the one that a link of this name leads to.
     *
     * @throws CorruptContentException when the archive has no such file
     */
    StoredFile file(String name) {
        String at = normalized(name);
        for (int i = 0; links.containsKey(at) && i < MAX_LINKS; i++) {
            at = links.get(at);
        }
        StoredFile found = stored.get(at);
        if (found == null) {
            throw new CorruptContentException("the archive has no file " + name);
        }
        return found;
    }

    private void take(TarEntry entry, TarReader tar) {
        String name = normalized(entry.displayName());
        if (entry.type() == Type.DIRECTORY) {
            return;
        }
        if (!names.add(name)) {
            throw new CorruptContentException("the archive has " + name + " twice");
        }
        String target = new String(entry.linkName(), StandardCharsets.UTF_8);
        switch (entry.type()) {
            case FILE -> file(name, entry.size(), tar);
            case SYMLINK -> {
                Path folder = Path.of(name).getParent();
                links.put(name, normalized(folder == null ? target : folder + "/" + target));
            }
            case HARD_LINK -> links.put(name, normalized(target));
            case DIRECTORY, CHARACTER, BLOCK, FIFO ->
                throw new InvalidInputException("the archive has a device or pipe: " + name);
        }
    }

    private void file(String name, long size, TarReader tar) {
        if (DOCUMENTS.contains(name)) {
            documents.put(name, document(name, size, tar));
        } else if (name.startsWith(BLOBS)) {
            blob(name, size, tar);
        } else if (!IGNORED.contains(name.substring(name.lastIndexOf('/') + 1))) {
            // Each tool names configs and layers in its own way: x.json, sha256:x, x/layer.tar, x.tar.gz.
            stored.put(name, unnamed(size, tar));
        }
    }

    private byte[] document(String name, long size, TarReader tar) {
        if (size > ImageStore.MAX_DOCUMENT) {
            throw new CorruptContentException(
                    name + " of the archive is larger than " + ImageStore.MAX_DOCUMENT + " bytes");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int count; (count = tar.read(buffer, 0, BUFFER)) >= 0; ) {
            bytes.write(buffer, 0, count);
        }
        return bytes.toByteArray();
    }

    private void blob(String name, long size, TarReader tar) {
        Digest digest = digest(name);
        if (!lease.holdIf(digest, () -> content.contains(digest))) {
            int head = head(tar);
            // A layer's diff ID is of this algorithm.
            if (digest.algorithm().equals("sha256") && layers.take(buffer, head)) {
                layers.add(content(tar, head), Optional.of(digest), size);
            } else {
                store(digest, size, tar, head);
            }
        }
        stored.put(name, new StoredFile(digest, size, Compression.UNCOMPRESSED));
    }

    private void store(Digest digest, long size, TarReader tar, int head) {
        Ingest ingest = content.ingest(digest.toString());
        try {
            ingest.restart();
            copy(tar, head, ingest);
            lease.hold(() -> ingest.commit(digest, size));
        } finally {
            ingest.discard();
        }
    }

    private static Digest digest(String name) {
        String[] parts = name.substring(BLOBS.length()).split("/", -1);
        try {
            return Digest.parse(parts[0] + ":" + (parts.length == 2 ? parts[1] : ""));
        } catch (InvalidInputException malformed) {
            throw new CorruptContentException("the archive has a blob that is named by no digest: " + name, malformed);
        }
    }

    /** A file of an archive that names files by other things than their digests. */
    private StoredFile unnamed(long size, TarReader tar) {
        int head = head(tar);
        if (layers.take(buffer, head)) {
            return new StoredFile(
                    layers.add(content(tar, head), Optional.empty(), size), size, Compression.UNCOMPRESSED);
        }
        Compression compression = Compression.ofBytes(buffer, head);
        Ingest ingest = content.ingest();
        try {
            copy(tar, head, ingest);
            return new StoredFile(lease.hold(ingest::commit), ingest.offset(), compression);
        } finally {
            ingest.discard();
        }
    }

    /** Reads so much of a file into the buffer that its kind can be seen; returns how much. */
    private int head(TarReader tar) {
        int filled = 0;
        for (int count; filled < HEAD && (count = tar.read(buffer, filled, BUFFER - filled)) >= 0; ) {
            filled += count;
        }
        return filled;
    }

    /** The content of a file of which a part is in the buffer. */
    private InputStream content(TarReader tar, int head) {
        return new SequenceInputStream(new ByteArrayInputStream(buffer, 0, head), new InputStream() {
            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                return tar.read(bytes, offset, length);
            }
        });
    }

    private void copy(TarReader tar, int head, Ingest ingest) {
        ingest.write(buffer, 0, head);
        for (int count; (count = tar.read(buffer, 0, BUFFER)) >= 0; ) {
            ingest.write(buffer, 0, count);
        }
    }

    /** @throws InvalidInputException when the name leads out of the archive */
    private static String normalized(String name) {
        Path path = Path.of("/").resolve(name).normalize();
        if (Path.of(name).normalize().startsWith("..")) {
            throw new InvalidInputException("the archive has a name that leads out of it: " + name);
        }
        return path.toString().substring(1);
    }
}
