package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.snapshot.layer.ChangedPath.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Compares the folder of a layer, which may be written meanwhile, with the layers below it. */
public final class LayerChanges {

    private static final Path ROOT = Path.of("/");

    private final LowerLayers lower;
    private final Set<Path> stubs;
    private final List<ChangedPath> changes = new ArrayList<>();

    public LayerChanges(LowerLayers lower, Set<Path> stubs) {
        this.lower = lower;
        this.stubs = stubs;
    }

    public List<ChangedPath> find(Handle top) throws IOException {
        walk(top, Path.of(""), new TreeSet<>(top.names()));
        return changes;
    }

    /** What was found in a folder. */
    private record Found(boolean presence, boolean stub) {}

    /** @param names in the folder, and in the folder of this path below where that is hidden as a whole */
    private Found walk(Handle folder, Path relative, SortedSet<Path> names) throws IOException {
        CancelledException.throwIfInterrupted();
        boolean presence = false;
        boolean stub = false;
        for (Path name : names) {
            Optional<Handle> child = folder.child(name);
            if (child.isPresent()) {
                try (Handle file = child.get()) {
                    Found found = look(file, relative.resolve(name));
                    presence |= found.presence();
                    stub |= found.stub();
                }
            } else if (lower.find(relative.resolve(name)).isPresent()) {
                presence |= add(ROOT.resolve(relative).resolve(name), Kind.DELETED);
            }
        }
        return new Found(presence, stub);
    }

    private Found look(Handle file, Path relative) throws IOException {
        FileStatus status = file.status();
        Optional<Path> below = lower.find(relative);
        Path absolute = ROOT.resolve(relative);
        if (status.isWhiteout()) {
            return new Found(below.isPresent() && add(absolute, Kind.DELETED), false);
        }
        boolean isStub = below.isEmpty() && stubs.contains(absolute);
        if (status.isDirectory()) {
            return folder(file, status, relative, below, isStub);
        }
        if (isStub && status.size() == 0) {
            return new Found(false, true);
        }
        add(absolute, below.isPresent() ? Kind.MODIFIED : Kind.ADDED);
        return new Found(below.isEmpty(), false);
    }

    private Found folder(Handle folder, FileStatus status, Path relative, Optional<Path> below, boolean isStub)
            throws IOException {
        Optional<FileStatus> before = below.isPresent() ? Optional.of(Inodes.status(below.get())) : Optional.empty();
        boolean wasFolder = before.filter(FileStatus::isDirectory).isPresent();
        boolean opaque = OpaqueMark.is(folder.path().resolve("."));
        int place = changes.size();
        SortedSet<Path> names = new TreeSet<>(folder.names());
        if (opaque && wasFolder) {
            names.addAll(lower.names(relative));
        }
        Found inside = walk(folder, relative, names);
        boolean isEmpty = changes.size() == place;
        boolean onlyStubs = isEmpty
                && inside.stub()
                && !opaque
                && before.map(was -> alike(was, status)).orElse(true);
        if (onlyStubs || isStub && isEmpty) {
            return new Found(false, true);
        }
        boolean changed = !wasFolder
                || opaque
                || inside.presence()
                || !alike(before.get(), status)
                || before.get().modified() != status.modified()
                || before.get().modifiedNanos() != status.modifiedNanos();
        if (changed) {
            Kind kind = before.isPresent() ? Kind.MODIFIED : Kind.ADDED;
            changes.add(place, new ChangedPath(ROOT.resolve(relative).toString(), kind));
        }
        return new Found(before.isEmpty(), false);
    }

    static boolean alike(FileStatus one, FileStatus other) {
        return one.mode() == other.mode() && one.uid() == other.uid() && one.gid() == other.gid();
    }

    private boolean add(Path path, Kind kind) {
        changes.add(new ChangedPath(path.toString(), kind));
        return true;
    }
}
