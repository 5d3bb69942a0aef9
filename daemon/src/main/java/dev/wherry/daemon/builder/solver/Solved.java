package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.cache.remote.RemoteRecord;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Fingerprint;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The result of a vertex. One that was taken from a shared cache is only a promise: its key is known, and its files are
 * brought when something needs them.
 */
public final class Solved {

    private final Optional<SnapshotId> stored;
    private final Optional<PromisedSnapshot> promised;
    private final Optional<RemoteRecord> remote;
    private final CacheKey key;
    private final boolean cached;
    private final Optional<Instant> createdAt;
    /** Digests of what later steps read of the files, by what they select. */
    private final Map<String, Digest> contents = new ConcurrentHashMap<>();

    private Solved(
            Optional<SnapshotId> stored,
            Optional<PromisedSnapshot> promised,
            Optional<RemoteRecord> remote,
            CacheKey key,
            boolean cached,
            Optional<Instant> createdAt) {
        this.stored = stored;
        this.promised = promised;
        this.remote = remote;
        this.key = key;
        this.cached = cached;
        this.createdAt = createdAt;
        remote.ifPresent(record -> contents.putAll(record.contents()));
    }

    /** A result that is here; without a snapshot for {@code scratch}. */
    static Solved stored(Optional<SnapshotId> snapshot, CacheKey key, boolean cached, Optional<Instant> createdAt) {
        return new Solved(snapshot, Optional.empty(), Optional.empty(), key, cached, createdAt);
    }

    /** A result that a shared cache knows. */
    static Solved promised(PromisedSnapshot snapshot, CacheKey key, RemoteRecord record) {
        return new Solved(
                Optional.empty(),
                Optional.of(snapshot),
                Optional.of(record),
                key,
                true,
                Optional.of(record.createdAt()));
    }

    /** The file system; empty for {@code scratch}. A promised one is brought first, which may take long and may fail. */
    public Optional<SnapshotId> snapshot() {
        return promised.map(PromisedSnapshot::get).or(() -> stored);
    }

    /** False while the files are only promised. */
    public boolean isHere() {
        return promised.isEmpty() || promised.get().ready().isPresent();
    }

    /** The record in a shared cache that the result was taken from. */
    public Optional<RemoteRecord> remote() {
        return remote;
    }

    /** What identifies the result. */
    public CacheKey key() {
        return key;
    }

    /** Whether the result and all before it were taken from the cache. */
    public boolean cached() {
        return cached;
    }

    /** When the layer was made; empty where the base image says so. */
    public Optional<Instant> createdAt() {
        return createdAt;
    }

    /**
     * The digest of some of the files.
     *
     * @param selector all that decides which files count, and what of them
     * @param here looked up or computed from the files, when nobody has said the digest yet
     */
    public Optional<Digest> content(List<String> selector, Supplier<Optional<Digest>> here) {
        String selection = selection(selector);
        Digest known = contents.get(selection);
        return known != null ? Optional.of(known) : here.get().map(found -> note(selection, found));
    }

    /** Notes the digest of some of the files for {@link #content}. */
    public void note(List<String> selector, Digest content) {
        note(selection(selector), content);
    }

    private Digest note(String selection, Digest content) {
        contents.put(selection, content);
        return content;
    }

    /** All digests noted, by what they select. */
    public Map<String, Digest> contents() {
        return Map.copyOf(contents);
    }

    private static String selection(List<String> selector) {
        return new Fingerprint("selection").add(selector).digest().toString();
    }
}
