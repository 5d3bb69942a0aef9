package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.builder.context.ContextView;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Fingerprint;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Reflinks;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Mounted file systems for steps: a writable one to make a snapshot in, or a view of one that is done. */
@Singleton
public final class Workspace {

    private static final Set<PosixFilePermission> EXECUTABLE = PosixFilePermissions.fromString("rwxr-xr-x");

    private final Snapshotter snapshotter;
    private final Layout layout;
    private final AtomicLong next;
    private final Semaphore diffing;
    private final OptionalLong latest;

    @Inject
    Workspace(Snapshotter snapshotter, Layout layout) {
        this(snapshotter, layout, new AtomicLong(), new Semaphore(1), OptionalLong.empty());
    }

    private Workspace(Snapshotter snapshotter, Layout layout, AtomicLong next, Semaphore diffing, OptionalLong latest) {
        this.snapshotter = snapshotter;
        this.layout = layout;
        this.next = next;
        this.diffing = diffing;
        this.latest = latest;
    }

    /**
     * The same for a build with bounded timestamps.
     *
     * @param latest the latest time that a file may have, in seconds since 1970; empty for any
     */
    public Workspace dated(OptionalLong latest) {
        return new Workspace(snapshotter, layout, next, diffing, latest);
    }

    /** The latest time that a file may have in what is made here, in seconds since 1970; empty for any. */
    public OptionalLong latest() {
        return latest;
    }

    /**
     * The key of a file system that steps begin with. Steps whose files are dated back are not those whose files are as
     * they came: what they see differs, and what they leave.
     */
    Digest beginning(Digest key) {
        return latest.isEmpty()
                ? key
                : new Fingerprint("dated")
                        .add(key)
                        .add(Long.toString(latest.getAsLong()))
                        .digest();
    }

    /**
     * Makes a new snapshot on the parent: the body finds its file system mounted and writable. Nothing of it stays when
     * the body throws.
     */
    public SnapshotId make(Lease lease, Optional<SnapshotId> parent, Consumer<Path> body) {
        return make(lease, parent, nothingAfter(body), snapshotter::mountVolatile);
    }

    /** As {@link #make}, but the body finds nothing of the parent: what it makes covers what is there. */
    public SnapshotId makeAlone(Lease lease, Optional<SnapshotId> parent, Consumer<Path> body) {
        return make(lease, parent, nothingAfter(body), snapshotter::mountAlone);
    }

    private static Function<Path, Consumer<Path>> nothingAfter(Consumer<Path> body) {
        return rootfs -> {
            body.accept(rootfs);
            return _ -> {};
        };
    }

    /** As {@link #make}; what the body returns is then given the layer's own folder, which is mounted no more. */
    public SnapshotId makeInSteps(Lease lease, Optional<SnapshotId> parent, Function<Path, Consumer<Path>> body) {
        SnapshotId made = make(lease, parent, body, snapshotter::mountVolatile);
        writeAhead();
        return made;
    }

    /** Writes many new files to the disk while they are read for their diff ID: an image waits for both. */
    private void writeAhead() {
        Background.start("write-layer", () -> {
            try {
                snapshotter.sync();
            } catch (RuntimeException asked) {
                // Who publishes the image is told.
            }
        });
    }

    /** Whether files of different layers can share their contents. */
    public boolean hasReflinks() {
        return Reflinks.areIn(layout.snapshots());
    }

    /** The folder of a committed layer, which is not to be changed, if the layer is still there; the lease holds it. */
    public Optional<Path> layer(Lease lease, SnapshotId committed) {
        return snapshotter.hold(lease, committed) ? Optional.of(snapshotter.folder(committed)) : Optional.empty();
    }

    private SnapshotId make(
            Lease lease,
            Optional<SnapshotId> parent,
            Function<Path, Consumer<Path>> body,
            BiConsumer<SnapshotId, Path> mount) {
        SnapshotId active = snapshotter.prepare(lease, parent);
        try {
            Consumer<Path> last;
            try (Mounted mounted = new Mounted()) {
                mount.accept(active, mounted.root());
                last = body.apply(mounted.root());
            }
            last.accept(snapshotter.folder(active));
            snapshotter.commit(active, latest);
            diffAhead(active);
            return active;
        } catch (Throwable failure) {
            snapshotter.discard(active);
            throw failure;
        }
    }

    /** Reads the new layer for its diff ID while the next step runs already. */
    private void diffAhead(SnapshotId committed) {
        Background.start("diff-layer", () -> {
            diffing.acquireUninterruptibly();
            try {
                snapshotter.diff(committed);
            } catch (RuntimeException asked) {
                // Who asks for the diff again is told.
            } finally {
                diffing.release();
            }
        });
    }

    /**
     * A read-only view of a committed snapshot until the view is closed.
     *
     * @param committed empty for the file system of a stage without files: an empty directory
     */
    public Mounted view(Optional<SnapshotId> committed) {
        Mounted mounted = new Mounted();
        try {
            committed.ifPresent(snapshot -> snapshotter.mountView(snapshot, mounted.root()));
            return mounted;
        } catch (Throwable failure) {
            mounted.close();
            throw failure;
        }
    }

    /**
     * A writable copy of a committed snapshot; closing the copy removes it.
     *
     * @param committed empty for the file system of a stage without files
     */
    public Mounted copy(Lease lease, Optional<SnapshotId> committed) {
        SnapshotId active = snapshotter.prepare(lease, committed);
        Mounted mounted = new Mounted(() -> snapshotter.discard(active));
        try {
            snapshotter.mountVolatile(active, mounted.root());
            return mounted;
        } catch (Throwable failure) {
            mounted.close();
            throw failure;
        }
    }

    /** A view of a directory of the host; see {@link ContextView}. */
    public ContextView view(Path directory, List<Path> hidden, boolean writable) {
        return ContextView.of(
                layout.scratch().resolve(Long.toString(next.incrementAndGet())), directory, hidden, writable);
    }

    /** Where a socket may be made, under a short name. */
    public Path newSocket() {
        return layout.steps().resolve("s" + next.incrementAndGet());
    }

    /** A folder for what a step is shown of, which is made when something is put into it. */
    public Folder folder() {
        return new Folder(layout.steps().resolve("files-" + next.incrementAndGet()));
    }

    /** Files outside every image, for as long as it is not closed. */
    public record Folder(Path path) implements AutoCloseable {

        /** Puts a program of this text into the folder. */
        public void write(String name, String text) {
            try {
                Files.createDirectories(path);
                Path file = path.resolve(name);
                Files.writeString(file, text);
                Files.setPosixFilePermissions(path, EXECUTABLE);
                Files.setPosixFilePermissions(file, EXECUTABLE);
            } catch (IOException failure) {
                throw StorageFailure.of("cannot write the script " + name, failure);
            }
        }

        @Override
        public void close() {
            try {
                if (Files.exists(path)) {
                    FileTrees.remove(path);
                }
            } catch (IOException failure) {
                throw StorageFailure.of("cannot remove " + path, failure);
            }
        }
    }

    /** A mount point of its own. */
    public final class Mounted implements AutoCloseable {

        private final Path root = layout.steps().resolve("fs-" + next.incrementAndGet());

        private final Runnable afterwards;

        private Mounted() {
            this(() -> {});
        }

        private Mounted(Runnable afterwards) {
            this.afterwards = afterwards;
            try {
                Files.createDirectories(root);
            } catch (IOException failure) {
                throw new HostException("cannot make the mount point " + root + ": " + failure.getMessage(), failure);
            }
        }

        public Path root() {
            return root;
        }

        @Override
        public void close() {
            snapshotter.unmount(root);
            try {
                Files.delete(root);
            } catch (IOException failure) {
                throw new HostException("cannot remove the mount point " + root + ": " + failure.getMessage(), failure);
            }
            afterwards.run();
        }
    }
}
