package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.linux.Mounts.Mount;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.snapshot.unpack.UnpackLimits;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteDataSource;

/** A snapshotter on a root of its own, which is unmounted and removed when it is closed. */
final class Store implements AutoCloseable {

    /** Makes files in the folder of a layer. */
    interface Writer {
        void in(Path root) throws IOException;
    }

    final Path base;
    final Layout layout;
    final Database database;
    final Leases leases = new Leases();
    final Leases.Lease lease = leases.open();
    final Snapshotter snapshotter;
    private int targets;

    Store() throws IOException {
        this(Files.createTempDirectory(Path.of("/tmp"), "wherry-snapshot-").toRealPath(), "", UnpackLimits.DEFAULT);
    }

    Store(String below, UnpackLimits limits) throws IOException {
        this(Files.createTempDirectory(Path.of("/tmp"), "wherry-snapshot-").toRealPath(), below, limits);
    }

    static Store at(Path folder) throws IOException {
        return new Store(folder, "", UnpackLimits.DEFAULT);
    }

    private Store(Path base, String below, UnpackLimits limits) throws IOException {
        this.base = base;
        this.layout = new Layout(base.resolve(below).resolve("lib"), base.resolve("run"));
        Files.createDirectories(layout.root());
        Files.createDirectories(layout.steps());
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + layout.database());
        source.setJournalMode("WAL");
        this.database = new Database(source);
        this.snapshotter = new Snapshotter(database, layout, leases, limits);
    }

    /** What another daemon on the same root would have. */
    Snapshotter restarted() {
        return new Snapshotter(database, layout, new Leases(), UnpackLimits.DEFAULT);
    }

    Path fs(SnapshotId id) {
        return layout.snapshots().resolve(id.toString()).resolve("fs");
    }

    Path folder(SnapshotId id) {
        return layout.snapshots().resolve(id.toString());
    }

    /** A committed snapshot made by writing through a mount of it. */
    SnapshotId layer(SnapshotId parent, Writer writer) throws IOException {
        SnapshotId id = snapshotter.prepare(lease, Optional.ofNullable(parent));
        Path target = target();
        snapshotter.mount(id, target);
        try {
            writer.in(target);
        } finally {
            snapshotter.unmount(target);
        }
        snapshotter.commit(id);
        return id;
    }

    Path target() throws IOException {
        return Files.createDirectory(layout.steps().resolve("m" + targets++));
    }

    /** Looks at a committed snapshot as a container would. */
    void view(SnapshotId id, Writer reader) throws IOException {
        Path target = target();
        snapshotter.mountView(id, target);
        try {
            reader.in(target);
        } finally {
            snapshotter.unmount(target);
        }
    }

    int execute(String... statements) {
        return database.write(connection -> {
            int changed = 0;
            for (String statement : statements) {
                try (var command = connection.createStatement()) {
                    changed += command.executeUpdate(statement);
                }
            }
            return changed;
        });
    }

    Object query(String query) {
        return database.read(connection -> {
            try (var command = connection.createStatement();
                    var row = command.executeQuery(query)) {
                return row.next() ? row.getObject(1) : null;
            }
        });
    }

    List<Path> mounts() throws IOException {
        return Mounts.list().stream()
                .map(Mount::target)
                .filter(target -> target.startsWith(base))
                .toList();
    }

    @Override
    public void close() throws IOException {
        for (Path mount : mounts().reversed()) {
            Mounts.unmount(mount);
        }
        if (Files.getFileStore(base).equals(Files.getFileStore(base.getParent()))) {
            try {
                FileTrees.remove(base);
            } catch (DirectoryNotEmptyException unpacking) {
                // A library of the database was put there meanwhile.
                FileTrees.remove(base);
            }
        }
    }
}
