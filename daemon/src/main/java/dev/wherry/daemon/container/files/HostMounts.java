package dev.wherry.daemon.container.files;

import dev.wherry.daemon.container.config.HostFolder;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.Mounts;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Files and folders of the host in the root folder of a container that does not run, where they are when it runs. A
 * folder that is bound may be changed by others meanwhile, so mount points are reached through handles only.
 */
final class HostMounts {

    private HostMounts() {}

    /**
     * Binds those that exist on the host, outer ones first; mount points that are missing are made as by a start.
     *
     * @param volumes where volumes are, by name
     */
    static void bind(List<MountRequest> mounts, Path root, Function<String, Path> volumes) throws IOException {
        List<MountRequest> outerFirst = mounts.stream()
                .sorted(Comparator.comparingInt(mount -> mount.place().getNameCount()))
                .toList();
        for (MountRequest mount : outerFirst) {
            switch (mount.type()) {
                case BIND -> bindHostPath(mount, root);
                case VOLUME -> bindPart(mount, volumes.apply(mount.source()), root);
                case TMPFS, IMAGE -> {}
            }
        }
    }

    private static void bindHostPath(MountRequest mount, Path root) throws IOException {
        if (mount.within().isEmpty()) {
            bind(mount, Path.of(mount.source()), root);
            return;
        }
        Optional<Handle> source = HostFolder.open(mount);
        if (source.isPresent()) {
            try (Handle held = source.get()) {
                bind(mount, held.path(), root);
            }
        }
    }

    private static void bindPart(MountRequest mount, Path volume, Path root) throws IOException {
        String subpath = mount.volume().subpath();
        if (subpath.isEmpty()) {
            bind(mount, volume, root);
            return;
        }
        try (Handle whole = Handle.folder(volume)) {
            Optional<Handle> part = whole.beneath(Path.of(subpath));
            if (part.isPresent()) {
                try (Handle held = part.get()) {
                    bind(mount, held.path(), root);
                }
            }
        }
    }

    private static void bind(MountRequest mount, Path source, Path root) throws IOException {
        if (!Files.exists(source)) {
            return;
        }
        try (Handle folder = Handle.folder(root)) {
            if (make(folder, mount.place(), Files.isDirectory(source))) {
                Mounts.bind(source, folder, mount.place(), mount.readOnly());
            }
        }
    }

    /** Returns false when a link on the way leads nowhere. */
    private static boolean make(Handle root, Path target, boolean isFolder) throws IOException {
        Optional<Handle> found = root.resolve(target, true);
        if (found.isPresent()) {
            found.get().close();
            return true;
        }
        if (!make(root, target.getParent(), true)) {
            return false;
        }
        Optional<Handle> parent = root.resolve(target.getParent(), true);
        if (parent.isEmpty()) {
            return false;
        }
        try (Handle folder = parent.get()) {
            Path path = folder.path().resolve(target.getFileName());
            if (isFolder) {
                Files.createDirectory(path);
            } else {
                Files.createFile(path);
            }
            return true;
        } catch (FileAlreadyExistsException link) {
            return false;
        }
    }
}
