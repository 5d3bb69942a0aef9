package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import jakarta.inject.Singleton;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Keeps snapshots. */
@Singleton
public final class Snapshotter {

    Snapshotter(Database database, Layout layout, Leases leases) {}

    /** A new, empty, writable (active) snapshot on a committed parent, or on nothing; held by the lease. */
    public SnapshotId prepare(Lease lease, Optional<SnapshotId> parent) {
        throw new UnsupportedOperationException();
    }

    /** Mounts an active snapshot read-write over its chain at target, an existing empty folder. */
    public void mount(SnapshotId active, Path target) {
        throw new UnsupportedOperationException();
    }

    /** Mounts a committed snapshot's chain read-only at target. */
    public void mountView(SnapshotId committed, Path target) {
        throw new UnsupportedOperationException();
    }

    /** Unmounts what mount or mountView put at target; nothing mounted there is fine. */
    public void unmount(Path target) {
        throw new UnsupportedOperationException();
    }

    /** Turns an active snapshot, unmounted, into an immutable one: its folder becomes the layer as it is. */
    public void commit(SnapshotId active) {
        throw new UnsupportedOperationException();
    }

    /** The layer's diff ID and sizes, computed by one read of its files the first time and recorded. */
    public LayerDiff diff(SnapshotId committed) {
        throw new UnsupportedOperationException();
    }

    /** Writes the layer's tar stream; it always has the diff ID that {@link #diff} gave. */
    public void writeTar(SnapshotId committed, OutputStream out) {
        throw new UnsupportedOperationException();
    }

    /**
     * Unpacks a layer's tar stream, uncompressed, into a new committed snapshot on the parent, verifying the diff ID
     * as it reads. Found instead of unpacked when that chain is here already.
     */
    public SnapshotId unpack(Lease lease, Optional<SnapshotId> parent, InputStream tar, Digest diffId) {
        throw new UnsupportedOperationException();
    }

    /** Unpacks any tar stream into a new committed snapshot without a parent; its diff ID is that of {@link #diff}. */
    public SnapshotId importTar(Lease lease, InputStream tar) {
        throw new UnsupportedOperationException();
    }

    /** The snapshot that holds these layers, bottom first, if it is here; held by the lease. */
    public Optional<SnapshotId> find(Lease lease, List<Digest> diffIds) {
        throw new UnsupportedOperationException();
    }

    /** Takes hold of a committed snapshot and its chain, and says whether it is still here. */
    public boolean hold(Lease lease, SnapshotId committed) {
        throw new UnsupportedOperationException();
    }

    /** The chain of a snapshot, bottom first, itself included. */
    public List<SnapshotId> chain(SnapshotId snapshot) {
        throw new UnsupportedOperationException();
    }

    /** Makes durable what committed snapshots hold: returns when their files are on disk. */
    public void sync() {
        throw new UnsupportedOperationException();
    }

    /** Removes an active snapshot that is not wanted any more. */
    public void discard(SnapshotId active) {
        throw new UnsupportedOperationException();
    }

    /** Removes every snapshot that no image, container, cache record or lease holds; returns the bytes freed. */
    public long collect() {
        throw new UnsupportedOperationException();
    }
}
