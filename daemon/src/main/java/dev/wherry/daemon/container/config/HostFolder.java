package dev.wherry.daemon.container.config;

import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.SystemCallException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder of the host that the sources of some bind mounts must not lead out of. The kernel looks up a source within the
 * folder, and what it has found is held while it is mounted: nothing that others put into the folder, before or
 * meanwhile, leads elsewhere. A link in the folder may lead to something else in it, by a relative target.
 */
public final class HostFolder {

    private HostFolder() {}

    /**
     * Holds the source of a confined mount; empty when there is nothing, or when the mount is not confined.
     *
     * @throws ForbiddenException when the source leads out of the folder
     */
    public static Optional<Handle> open(MountRequest mount) throws IOException {
        if (!mount.isConfined()) {
            return Optional.empty();
        }
        Path folder = Path.of(mount.within());
        try (Handle held = Handle.folder(folder)) {
            return find(held, folder.relativize(source(mount)), mount);
        }
    }

    private static Path source(MountRequest mount) {
        return Path.of(mount.source()).normalize();
    }

    private static Optional<Handle> find(Handle folder, Path relative, MountRequest mount) throws IOException {
        try {
            return folder.beneath(relative);
        } catch (SystemCallException failure) {
            if (failure.errno() == SystemCallException.ENOTDIR) {
                return Optional.empty();
            }
            if (failure.errno() == SystemCallException.EXDEV || failure.errno() == SystemCallException.ELOOP) {
                throw new ForbiddenException(
                        "operator-paths",
                        "permission denied: a link on the path " + source(mount) + " leads out of " + mount.within()
                                + ", which is all that may be mounted: make the link relative, or mount what it leads"
                                + " to");
            }
            throw failure;
        }
    }

    /** Makes the missing folders of a confined source, in the folder only. */
    static void make(MountRequest mount) throws IOException {
        Path folder = Path.of(mount.within());
        Path relative = folder.relativize(source(mount));
        try (Handle held = Handle.folder(folder)) {
            for (int names = 0; names < relative.getNameCount(); names++) {
                Optional<Handle> parent = find(held, names == 0 ? Path.of(".") : relative.subpath(0, names), mount);
                if (parent.isEmpty()) {
                    return;
                }
                try (Handle at = parent.get()) {
                    Files.createDirectory(at.path().resolve(relative.getName(names)));
                } catch (FileAlreadyExistsException present) {
                    // Also a link, which the next name is looked up through.
                }
            }
        }
    }
}
