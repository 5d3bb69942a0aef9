package dev.wherry.daemon.container.files;

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

/**
 * Files and folders of the host in the root folder of a container that does not run, where they are when it runs. A
 * folder that is bound may be changed by others meanwhile, so mount points are reached through handles only.
 */
final class HostMounts {

    private HostMounts() {}

    /** Binds those that exist on the host, outer ones first; mount points that are missing are made as by a start. */
    static void bind(List<MountRequest> mounts, Path root) throws IOException {
        List<MountRequest> binds = mounts.stream()
                .filter(mount -> mount.type() == MountRequest.Type.BIND && Files.exists(Path.of(mount.source())))
                .sorted(Comparator.comparingInt(mount -> target(mount).getNameCount()))
                .toList();
        for (MountRequest mount : binds) {
            Path source = Path.of(mount.source());
            try (Handle folder = Handle.folder(root)) {
                if (make(folder, target(mount), Files.isDirectory(source))) {
                    Mounts.bind(source, folder, target(mount), mount.readOnly());
                }
            }
        }
    }

    static Path target(MountRequest mount) {
        return Path.of("/").resolve(mount.target()).normalize();
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
