package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.linux.MappedMounts;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.linux.Mounts.Mount;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.snapshot.SnapshotTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Mounts chains of snapshots. Options that would let one layer refer into another ({@code redirect_dir},
 * {@code metacopy}, {@code index}) are off: each folder must be a layer that can be read by itself.
 */
final class OverlayMounts {

    private static final String OPTIONS = ",index=off,redirect_dir=off,metacopy=off";

    private final SnapshotFolders folders;

    OverlayMounts(SnapshotFolders folders) {
        this.folders = folders;
    }

    void mount(List<Row> chain, boolean isVolatile, Optional<MappedMounts.Users> users, Path target) {
        Row active = chain.getFirst();
        if (active.committed()) {
            throw new ConflictException("snapshot " + active.id() + " is committed and cannot be written");
        }
        try {
            if (chain.size() == 1) {
                bind(active, false, users, target);
                return;
            }
            folders.resetWork(active.id());
            String upper = "upperdir=" + active.id() + "/fs,workdir=" + active.id() + "/work,";
            String options = upper + lower(chain.subList(1, chain.size())) + (isVolatile ? ",volatile" : "");
            overlay(options, false, users, target);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot mount snapshot " + active.id(), failure);
        }
    }

    void mountAlone(Row active, Path target) {
        try {
            Mounts.bind(folders.fs(active.id()), target, false);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot mount snapshot " + active.id(), failure);
        }
    }

    void mountView(List<Row> chain, Optional<MappedMounts.Users> users, Path target) {
        Row top = chain.getFirst();
        try {
            if (chain.size() == 1) {
                bind(top, true, users, target);
            } else {
                overlay(lower(chain), true, users, target);
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot mount snapshot " + top.id(), failure);
        }
    }

    /** Relative names: those of a long chain below a long root would not fit into the page that options may have. */
    private static String lower(List<Row> topFirst) {
        return topFirst.stream().map(row -> row.id() + "/fs").collect(Collectors.joining(":", "lowerdir=", ""));
    }

    private void bind(Row row, boolean readOnly, Optional<MappedMounts.Users> users, Path target) throws IOException {
        if (users.isEmpty()) {
            Mounts.bind(folders.fs(row.id()), target, readOnly);
            return;
        }
        MappedMounts.attachWithoutDevices(folders.fs(row.id()), users.get(), target);
        if (readOnly) {
            Mounts.makeReadOnly(target);
        }
    }

    /**
     * An overlay of folders that are mapped is mapped itself, which it cannot become otherwise. It needs no more than a look at
     * their mount.
     */
    private void overlay(String options, boolean readOnly, Optional<MappedMounts.Users> users, Path target)
            throws IOException {
        if (users.isEmpty()) {
            Mounts.overlay(folders.all(), options + OPTIONS, readOnly, target);
            return;
        }
        Path mapped = Files.createDirectory(target.resolveSibling(target.getFileName() + ".layers"));
        try {
            MappedMounts.attachWithoutDevices(folders.all(), users.get(), mapped);
            if (readOnly) {
                Mounts.overlay(mapped, options + OPTIONS, true, target);
            } else {
                MappedMounts.overlay(mapped, options + OPTIONS, users.get(), target);
            }
        } finally {
            Mounts.unmount(mapped);
            Files.delete(mapped);
        }
    }

    void unmountLeftovers(Layout layout, Predicate<Path> keep) {
        try {
            List<Path> roots = List.of(
                    realPath(layout.steps()), realPath(layout.snapshots()), realPath(layout.runningContainers()));
            // What was mounted last lies on top.
            for (Mount mount : Mounts.list().reversed()) {
                if (roots.stream().anyMatch(mount.target()::startsWith) && !keep.test(mount.target())) {
                    Mounts.unmount(mount.target());
                }
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot unmount what an earlier daemon has mounted", failure);
        }
    }

    /** The kernel lists mount points without symbolic links. */
    private static Path realPath(Path path) throws IOException {
        return Files.exists(path) ? path.toRealPath() : path;
    }
}
