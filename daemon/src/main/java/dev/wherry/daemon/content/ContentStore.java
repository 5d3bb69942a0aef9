package dev.wherry.daemon.content;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Rows;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Blobs by the digest of their bytes. A blob arrives through an {@link Ingest}, which may stop and go on later, even in
 * another life of the daemon. It is published by one rename after its bytes are verified and on disk, never changes, and
 * is removed by {@link #collect} when no image and no lease names its digest. Whoever adds a blob therefore does so
 * under a lease: {@code lease.hold(() -> content.put(bytes))}.
 */
@Singleton
public final class ContentStore {

    /** How long what an interrupted pull left may wait for the next one. */
    private static final Duration PATIENCE = Duration.ofDays(1);

    private static final String NAMELESS = "nameless-";

    private final Path blobs;
    private final Path ingests;
    private final Database database;
    private final Leases leases;
    private final Set<String> arriving = new HashSet<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition departed = lock.newCondition();

    public ContentStore(Database database, Layout layout, Leases leases) {
        this.database = database;
        this.blobs = layout.blobs();
        this.ingests = layout.ingests();
        this.leases = leases;
    }

    /** The file of a blob, if it is here. */
    public Optional<Path> find(Digest digest) {
        Path path = path(digest);
        return Files.exists(path) ? Optional.of(path) : Optional.empty();
    }

    public boolean contains(Digest digest) {
        return Files.exists(path(digest));
    }

    /** @throws NotFoundException when the blob is not here */
    public InputStream open(Digest digest) {
        try {
            return Files.newInputStream(path(digest));
        } catch (NoSuchFileException absent) {
            throw new NotFoundException("content", digest.toString());
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read " + digest, failure);
        }
    }

    /**
     * The bytes of a blob that is here, or of its ingest: as many as have arrived, which nobody has verified. A blob that
     * is published meanwhile stays readable.
     *
     * @throws NotFoundException when nothing of it is here
     */
    public InputStream openArriving(Digest digest) {
        try {
            return Files.newInputStream(ingests.resolve(ingestName(digest.toString())));
        } catch (NoSuchFileException published) {
            return open(digest);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read " + digest, failure);
        }
    }

    /**
     * All bytes of a small blob.
     *
     * @throws NotFoundException when the blob is not here
     * @throws ExhaustedException when it is larger than {@code maxBytes}
     */
    public byte[] read(Digest digest, int maxBytes) {
        try (InputStream in = open(digest)) {
            byte[] bytes = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw new ExhaustedException(digest + " is larger than the " + maxBytes + " bytes allowed for it");
            }
            return bytes;
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read " + digest, failure);
        }
    }

    /** Adds a small blob and returns its digest. */
    public Digest put(byte[] bytes) {
        return put(Digest.sha256(bytes), bytes);
    }

    /**
     * Adds a small blob whose digest is known, and returns that.
     *
     * @throws CorruptContentException when the bytes have another digest
     */
    public Digest put(Digest digest, byte[] bytes) {
        if (contains(digest)) {
            return digest;
        }
        try (Ingest ingest = ingest(digest.toString())) {
            if (!contains(digest)) {
                ingest.restart();
                ingest.write(bytes, 0, bytes.length);
                ingest.commit(digest, bytes.length);
            }
        }
        return digest;
    }

    /**
     * Begins to take in content, or goes on where an earlier ingest of that key stopped. Waits while another one of the
     * same key is open; so look afterwards whether the blob {@linkplain #contains came in} meanwhile.
     *
     * @param key names the content: its digest where that is known
     * @throws CancelledException when interrupted while waiting
     */
    public Ingest ingest(String key) {
        return open(ingestName(key), key);
    }

    private static String ingestName(String key) {
        return Digest.sha256(key).hex();
    }

    /**
     * Begins to take in content that nobody goes on with. What a killed daemon leaves of it, the next one removes.
     */
    public Ingest ingest() {
        return open(NAMELESS + UUID.randomUUID(), "content");
    }

    private Ingest open(String name, String what) {
        take(name);
        try {
            Files.createDirectories(ingests);
            return new Ingest(this, name, ingests.resolve(name));
        } catch (IOException failure) {
            release(name);
            throw StorageFailure.of("cannot store " + what, failure);
        } catch (RuntimeException failure) {
            release(name);
            throw failure;
        }
    }

    private void take(String name) {
        try {
            lock.lockInterruptibly();
            try {
                while (!arriving.add(name)) {
                    departed.await();
                }
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("cancelled while waiting for content that is arriving already", interrupted);
        }
    }

    void release(String name) {
        lock.lock();
        try {
            arriving.remove(name);
            departed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes blobs that neither an image nor a lease names, and ingests that nobody went on with for a day.
     *
     * @return bytes freed
     */
    public long collect() {
        return collect(Duration.ZERO);
    }

    /**
     * Removes those of these blobs that neither an image nor a lease names: what a removal may have set free, without a
     * look at all that is here.
     */
    public void collect(Set<Digest> released) {
        if (released.isEmpty()) {
            return;
        }
        leases.collecting(held -> {
            List<Digest> unnamed = database.read(connection -> {
                List<Digest> found = new ArrayList<>();
                for (Digest digest : released) {
                    if (!held.contains(digest) && !isNamed(connection, digest)) {
                        found.add(digest);
                    }
                }
                return found;
            });
            for (Digest digest : unnamed) {
                try {
                    Files.deleteIfExists(path(digest));
                } catch (IOException failure) {
                    throw StorageFailure.of("cannot remove " + digest, failure);
                }
            }
            return null;
        });
    }

    private static boolean isNamed(Connection connection, Digest digest) throws SQLException {
        return !Rows.query(
                        connection,
                        row -> row.getInt(1),
                        "SELECT 1 FROM image_blob WHERE digest = ?1"
                                + " UNION ALL SELECT 1 FROM manifest_blob WHERE digest = ?1 LIMIT 1",
                        digest.toString())
                .isEmpty();
    }

    /**
     * Puts the store in order when the daemon starts. Of a pull that was cut short, what came in is kept for a day, so
     * that the next one goes on from there.
     */
    public void recover() {
        try {
            Files.createDirectories(blobs);
            Files.createDirectories(ingests);
            removeIf(ingests, Instant.MAX, file -> file.getFileName().toString().startsWith(NAMELESS));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot open the content store", failure);
        }
        collect(PATIENCE);
    }

    private long collect(Duration minimumAge) {
        Instant now = Instant.now();
        return leases.collecting(held -> {
            Set<String> named = namedByImages();
            held.forEach(resource -> {
                if (resource instanceof Digest digest) {
                    named.add(digest.toString());
                }
            });
            try {
                long freed = 0;
                for (Path folder : children(blobs)) {
                    String algorithm = folder.getFileName() + ":";
                    freed += removeIf(
                            folder, now.minus(minimumAge), name -> !named.contains(algorithm + name.getFileName()));
                }
                return freed + removeIf(ingests, now.minus(PATIENCE), this::isForgotten);
            } catch (IOException failure) {
                throw StorageFailure.of("cannot clean up the content store", failure);
            }
        });
    }

    private boolean isForgotten(Path ingest) {
        lock.lock();
        try {
            return !arriving.contains(ingest.getFileName().toString());
        } finally {
            lock.unlock();
        }
    }

    private static long removeIf(Path folder, Instant notAfter, Predicate<Path> unwanted) throws IOException {
        long freed = 0;
        for (Path file : children(folder)) {
            if (unwanted.test(file)
                    && !Files.getLastModifiedTime(file).toInstant().isAfter(notAfter)) {
                long size = Files.size(file);
                Files.delete(file);
                freed += size;
            }
        }
        return freed;
    }

    private static List<Path> children(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }

    private Set<String> namedByImages() {
        return database.read(connection -> {
            Set<String> named = new HashSet<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT digest FROM image_blob UNION SELECT digest FROM manifest_blob")) {
                while (rows.next()) {
                    named.add(rows.getString(1));
                }
            }
            return named;
        });
    }

    Path path(Digest digest) {
        return blobs.resolve(digest.algorithm()).resolve(digest.hex());
    }
}
