package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.linux.FileSystems;
import dev.wherry.daemon.linux.MappedMounts;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotTable.Row;
import dev.wherry.daemon.snapshot.layer.LayerComparison;
import dev.wherry.daemon.snapshot.layer.LayerDifference;
import dev.wherry.daemon.snapshot.layer.LayerTimes;
import dev.wherry.daemon.snapshot.layer.LayerWriter;
import dev.wherry.daemon.snapshot.layer.LowerLayers;
import dev.wherry.daemon.snapshot.tar.TarOutline;
import dev.wherry.daemon.snapshot.unpack.UnpackLimits;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Keeps snapshots: file systems made of layers, each layer a folder that overlayfs mounts over its parent's.
 *
 * <p>A snapshot begins <em>active</em> ({@link #prepare}): empty, writable, on a committed parent or on nothing. It is
 * mounted, a step or a container writes, it is unmounted, and {@link #commit} turns its folder, as it is, into a layer:
 * the snapshot is now <em>committed</em> and never changes. What is not wanted is discarded. Layers of images come in
 * through {@link #unpack}, which makes a committed snapshot from a tar stream or nothing at all; or, where the layers of
 * an image arrive side by side, through {@link #receive} and {@link #place}.
 *
 * <pre>
 *     prepare ─→ active ──────── commit ─→ committed ─→ collect
 *                  └── discard              ↑    └── parent of others
 *                             unpack ───────┘
 * </pre>
 *
 * <p>As a layer, a committed snapshot has a <em>diff ID</em>, the digest of its tar stream, and with all below it a
 * <em>chain ID</em>. Neither is computed before {@link #diff} is asked for, and no tar is stored: {@link #writeTar} makes
 * the same bytes again.
 *
 * <p>A snapshot stays while an image, a container, a cache record or a {@link Lease} holds it or one above it; whoever
 * is about to record it holds it by a lease. Committed snapshots are on disk for certain only after {@link #sync}, which
 * belongs before the first record that outlives the daemon. {@link #recover}, called once before anything else, puts
 * right what a killed daemon or a power failure left.
 */
@Singleton
public final class Snapshotter {

    private final SnapshotTable table;
    private final SnapshotFolders folders;
    private final OverlayMounts mounts;
    private final SnapshotGarbage garbage;
    private final DeadFolders deadFolders;
    private final Leases leases;
    private final Layout layout;
    private final LayerIntake intake;
    private final LayerInodes inodes;
    private final KeyedLock<SnapshotId> diffs = new KeyedLock<>();
    private final ReentrantLock syncing = new ReentrantLock();
    private final AtomicLong commits = new AtomicLong(1);
    private volatile long syncedCommits;

    @Inject
    Snapshotter(Database database, Layout layout, Leases leases) {
        this(database, layout, leases, UnpackLimits.DEFAULT);
    }

    Snapshotter(Database database, Layout layout, Leases leases, UnpackLimits limits) {
        this.table = new SnapshotTable(database);
        this.folders = new SnapshotFolders(layout);
        this.mounts = new OverlayMounts(folders);
        this.garbage = new SnapshotGarbage(database);
        this.deadFolders = new DeadFolders(folders, garbage, leases);
        this.leases = leases;
        this.layout = layout;
        this.intake = new LayerIntake(this, table, folders, limits);
        this.inodes = new LayerInodes(folders);
    }

    /**
     * A new, empty, writable (active) snapshot on a committed parent, or on nothing; held by the lease.
     *
     * @throws NotFoundException when the parent is not there
     * @throws ConflictException when the parent is not committed
     */
    public SnapshotId prepare(Lease lease, Optional<SnapshotId> parent) {
        SnapshotId id = lease.hold(() -> {
            parent.ifPresent(this::committed);
            return table.insert(parent);
        });
        try {
            folders.create(id, parent);
            return id;
        } catch (IOException failure) {
            throw abandon(id, StorageFailure.of("cannot make a snapshot", failure));
        }
    }

    /**
     * Mounts an active snapshot read-write over its chain at target, an existing empty folder. What programs sync there
     * is on disk.
     */
    public void mount(SnapshotId active, Path target) {
        mounts.mount(table.chain(active), false, Optional.empty(), target);
    }

    /**
     * As {@link #mount}, for a user namespace: what belongs to root in the snapshot belongs to that of the namespace in the
     * mount, and the other way round.
     */
    public void mount(SnapshotId active, Path target, MappedMounts.Users users) {
        mounts.mount(table.chain(active), false, Optional.of(users), target);
    }

    /**
     * As {@link #mount}, but nothing that programs sync is on disk before {@link #sync}: much faster for package
     * managers, and right where a power failure only means that the work is done again, as in a build.
     */
    public void mountVolatile(SnapshotId active, Path target) {
        mounts.mount(table.chain(active), true, Optional.empty(), target);
    }

    /** The folder that holds a snapshot's layer: that of an active one may be written while it is mounted nowhere. */
    public Path folder(SnapshotId snapshot) {
        return folders.fs(snapshot);
    }

    /** Mounts an active snapshot's own folder read-write at target, without what is below it. */
    public void mountAlone(SnapshotId active, Path target) {
        mounts.mountAlone(table.get(active), target);
    }

    /** Mounts a committed snapshot's chain read-only at target. */
    public void mountView(SnapshotId committed, Path target) {
        mounts.mountView(table.chain(committed), Optional.empty(), target);
    }

    /** As above, for a user namespace, if there is one: see {@link #mount(SnapshotId, Path, MappedMounts.Users)}. */
    public void mountView(SnapshotId committed, Path target, Optional<MappedMounts.Users> users) {
        mounts.mountView(table.chain(committed), users, target);
    }

    /** Unmounts what mount or mountView put at target; nothing mounted there is fine. */
    public void unmount(Path target) {
        try {
            Mounts.unmount(target);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot unmount " + target, failure);
        }
    }

    /**
     * Turns an active snapshot, unmounted, into an immutable one: its folder becomes the layer as it is.
     *
     * @throws NotFoundException when there is no such active snapshot
     */
    public void commit(SnapshotId active) {
        commit(active, OptionalLong.empty());
    }

    /**
     * As {@link #commit(SnapshotId)}, with times of files that do not depend on when they were made.
     *
     * @param latest what is younger becomes as old as this, in seconds since 1970; the layer's diff ID is of what then
     *     is
     */
    public void commit(SnapshotId active, OptionalLong latest) {
        try {
            folders.removePassedThrough(active, lower(table.get(active).parent()));
            if (latest.isPresent()) {
                new LayerTimes(latest.getAsLong()).limit(folders.fs(active));
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot commit snapshot " + active, failure);
        }
        commit(active, Optional.empty());
    }

    void commit(SnapshotId active, Optional<LayerDiff> diff) {
        try {
            folders.removeWork(active);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot commit snapshot " + active, failure);
        }
        table.commit(active, diff);
        commits.incrementAndGet();
    }

    /**
     * The layer's diff ID and sizes, computed by one read of its files the first time and recorded. Any number of
     * threads may ask at once; one computes.
     */
    public LayerDiff diff(SnapshotId committed) {
        return committed(committed)
                .diff()
                .orElseGet(() -> diffs.alone(
                        committed, () -> committed(committed).diff().orElseGet(() -> computeDiff(committed))));
    }

    /** In what two layers differ first whose diff IDs are not the same. */
    public LayerDifference difference(SnapshotId one, SnapshotId other) {
        try {
            return new LayerComparison(
                            folders.fs(committed(one).id()),
                            folders.fs(committed(other).id()))
                    .find()
                    .orElseGet(() -> new LayerDifference(
                            "", LayerDifference.Kind.LINK, "which files are links to one another", -1));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot compare layers", failure);
        }
    }

    private LayerDiff computeDiff(SnapshotId committed) {
        LayerDiff diff = write(committed, OutputStream.nullOutputStream());
        table.record(committed, diff);
        return diff;
    }

    /**
     * Writes the layer's tar stream; it always has the diff ID that {@link #diff} gave. The stream of a layer that was
     * unpacked with an ID of its own may not come out the same: its blob is what was received.
     *
     * @throws CorruptContentException at the end, when the stream does not have the diff ID recorded
     */
    public void writeTar(SnapshotId committed, OutputStream out) {
        Row row = committed(committed);
        LayerDiff written = write(committed, out);
        if (row.diff().isPresent() && !row.diff().get().diffId().equals(written.diffId())) {
            throw new CorruptContentException(
                    "the files of layer " + row.diff().get().diffId()
                            + " do not give its tar stream: what was written is " + written.diffId());
        }
    }

    private LayerDiff write(SnapshotId id, OutputStream out) {
        try (HashingOutput hashing = new HashingOutput(out)) {
            LayerWriter layer = new LayerWriter(hashing);
            layer.write(folders.fs(id), rootDiffers(id));
            Digest diffId = hashing.finish();
            return new LayerDiff(diffId, hashing.count(), layer.size());
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read snapshot " + id, failure);
        }
    }

    private boolean rootDiffers(SnapshotId committed) throws IOException {
        return folders.rootDiffers(committed, committed(committed).parent());
    }

    /**
     * Unpacks a layer's tar stream, uncompressed, into a new committed snapshot on the parent, verifying the diff ID
     * as it reads. Found instead of unpacked when that chain is here already. When it fails, nothing of it is left.
     *
     * @throws CorruptContentException when the stream breaks off or has another diff ID
     * @throws dev.wherry.daemon.error.InvalidInputException naming the entry that would leave the root, or cannot be
     * @throws dev.wherry.daemon.error.ExhaustedException when a limit is exceeded or the disk is full
     */
    public SnapshotId unpack(Lease lease, Optional<SnapshotId> parent, InputStream tar, Digest diffId) {
        return intake.unpack(lease, parent, tar, diffId);
    }

    /**
     * Unpacks any tar stream into a new committed snapshot without a parent; its diff ID is that of {@link #diff}. Fails
     * as {@link #unpack} does.
     */
    public SnapshotId importTar(Lease lease, InputStream tar) {
        return intake.importTar(lease, tar);
    }

    /**
     * Unpacks a layer's tar stream before the layers below are here. The result is to be {@linkplain #place placed} or
     * {@linkplain #discard(ReceivedLayer) discarded}. Fails as {@link #unpack} does.
     */
    public ReceivedLayer receive(Lease lease, InputStream tar, Digest diffId) {
        return intake.receive(lease, tar, Optional.of(diffId));
    }

    /**
     * As above, for a stream whose digest the caller computes; the layer can be placed when it {@linkplain
     * ReceivedLayer#withDiffId has} that.
     */
    public ReceivedLayer receive(Lease lease, InputStream tar) {
        return intake.receive(lease, tar, Optional.empty());
    }

    /** Whether {@link #writeTar} gives the very stream that a layer came in, now that it was placed. */
    public boolean givesStream(SnapshotId placed, ReceivedLayer layer) {
        TarOutline outline = new TarOutline();
        try {
            LayerWriter.ofEntries(outline.sink()).write(folders.fs(placed), rootDiffers(placed));
            return layer.cameAs(outline);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read snapshot " + placed, failure);
        }
    }

    /** As above, of a layer that was placed before; reads all its files. */
    public boolean givesStream(SnapshotId committed) {
        return committed(committed)
                .diff()
                .map(known -> known.diffId()
                        .equals(write(committed, OutputStream.nullOutputStream())
                                .diffId()))
                .orElse(true);
    }

    /** Makes a committed snapshot of a received layer on a parent, or finds the one that has the same chain. */
    public SnapshotId place(Lease lease, Optional<SnapshotId> parent, ReceivedLayer layer) {
        return intake.place(lease, parent, layer);
    }

    /** Removes a received layer that is not wanted; nothing happens to one that was placed. */
    public void discard(ReceivedLayer layer) {
        discard(layer.active());
    }

    /**
     * A new committed snapshot that has the layer of another on another parent. No content is copied: layers never
     * change, so they share their files. The layer must have been made without regard to what was below it.
     */
    public SnapshotId copyOnto(Lease lease, SnapshotId layer, Optional<SnapshotId> parent) {
        Row row = committed(layer);
        SnapshotId active = prepare(lease, parent);
        try {
            folders.link(layer, active);
            commit(active, row.diff());
            return active;
        } catch (IOException failure) {
            throw abandon(active, StorageFailure.of("cannot link the files of snapshot " + layer, failure));
        } catch (RuntimeException failure) {
            throw abandon(active, failure);
        }
    }

    LowerLayers lower(Optional<SnapshotId> parent) {
        return new LowerLayers(parent.stream()
                .flatMap(top -> table.chain(top).stream())
                .map(row -> folders.fs(row.id()))
                .toList());
    }

    /** Discards what cannot be finished; that this too may fail, as on a full disk, must not hide the reason. */
    RuntimeException abandon(SnapshotId active, RuntimeException reason) {
        try {
            // The folder first: on a full disk not even the database can be asked before there is room.
            removeFolder(active);
            table.deleteActive(active);
        } catch (RuntimeException failure) {
            reason.addSuppressed(failure);
        }
        return reason;
    }

    /** The snapshot that holds these layers, bottom first, if it is here; held by the lease. */
    public Optional<SnapshotId> find(Lease lease, List<Digest> diffIds) {
        return diffIds.isEmpty() ? Optional.empty() : find(lease, ChainId.of(diffIds));
    }

    Optional<SnapshotId> find(Lease lease, Digest chainId) {
        return table.withChainId(chainId).filter(found -> hold(lease, found));
    }

    /** Takes hold of a committed snapshot and its chain, and says whether it is still here. */
    public boolean hold(Lease lease, SnapshotId committed) {
        return lease.holdIf(
                committed, () -> table.find(committed).map(Row::committed).orElse(false));
    }

    /** Bytes of all files in the layers of a snapshot and of those below it. */
    public long size(SnapshotId top) {
        return chain(top).stream().mapToLong(layer -> diff(layer).size()).sum();
    }

    /** Files and folders in all these committed layers; they are looked at once, the first time. */
    public long inodes(Set<SnapshotId> layers) {
        return inodes.of(layers);
    }

    /**
     * The chain of a snapshot, bottom first, itself included.
     *
     * @throws NotFoundException when there is no such snapshot
     */
    public List<SnapshotId> chain(SnapshotId snapshot) {
        return table.chain(snapshot).reversed().stream().map(Row::id).toList();
    }

    /**
     * Makes durable what committed snapshots hold: returns when their files are on disk. Those who call meanwhile share
     * one pass over the file system.
     */
    public void sync() {
        long wanted = commits.get();
        syncing.lock();
        try {
            if (syncedCommits >= wanted) {
                return;
            }
            long covered = commits.get();
            List<SnapshotId> unsynced = table.unsynced();
            if (!unsynced.isEmpty()) {
                FileSystems.sync(folders.all());
                table.synced(unsynced);
            }
            syncedCommits = covered;
        } catch (IOException failure) {
            throw StorageFailure.of("cannot write snapshots to disk", failure);
        } finally {
            syncing.unlock();
        }
    }

    /** Removes an active snapshot that is not wanted any more; none of this number is fine. */
    public void discard(SnapshotId active) {
        if (table.find(active).map(row -> !row.committed()).orElse(false)) {
            removeFolder(active);
            table.deleteActive(active);
        }
    }

    /**
     * Removes every snapshot that no image, container, cache record or lease holds, and waits until their files are gone,
     * which can take minutes.
     *
     * @return the bytes freed
     */
    public long collect() {
        return deadFolders.remove();
    }

    /** As {@link #collect}, in a thread of its own; what a daemon does not get to, the next does. */
    public void collectInBackground() {
        deadFolders.removeInBackground();
    }

    /**
     * Puts right what an earlier daemon left, before this one does anything: unmounts what is still mounted of steps and
     * containers, removes active snapshots that no container has and folders that no snapshot has. When the host has been
     * started since, snapshots that may not have reached the disk are removed with the cache records that lead to them.
     *
     * <p>Returns before the files of what was removed are gone.
     *
     * @param keep tells of a mount point whether it is of a container that still runs
     */
    public void recover(Predicate<Path> keep) {
        mounts.unmountLeftovers(layout, keep);
        garbage.deleteUnfinished();
        try {
            folders.list().stream()
                    .max(Comparator.comparingLong(SnapshotId::value))
                    .ifPresent(table::reserve);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot list snapshots", failure);
        }
        deadFolders.removeInBackground();
    }

    private void removeFolder(SnapshotId id) {
        try {
            folders.remove(id);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot remove snapshot " + id, failure);
        }
    }

    private Row committed(SnapshotId id) {
        Row row = table.get(id);
        if (!row.committed()) {
            throw new ConflictException("snapshot " + id + " is still being written");
        }
        return row;
    }
}
