package dev.wherry.daemon.container.config;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.spec.KernelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks that mounts can be made as requested. */
public final class MountChecks {

    private static final int LONGEST_PATH = 4095;
    private static final Set<String> PROPAGATIONS =
            Set.of("", "private", "rprivate", "shared", "rshared", "slave", "rslave");
    private static final Set<String> TMPFS_FLAGS = Set.of(
            "exec",
            "noexec",
            "suid",
            "nosuid",
            "dev",
            "nodev",
            "ro",
            "rw",
            "sync",
            "async",
            "dirsync",
            "atime",
            "noatime",
            "diratime",
            "nodiratime",
            "relatime",
            "norelatime",
            "strictatime",
            "nostrictatime",
            "mand",
            "nomand",
            "private",
            "rprivate",
            "shared",
            "rshared",
            "slave",
            "rslave",
            "unbindable",
            "runbindable");
    private static final Set<String> TMPFS_VALUES =
            Set.of("size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol");

    private MountChecks() {}

    /** @throws InvalidInputException with the first thing that is wrong */
    static void check(List<MountRequest> mounts) {
        Set<Path> targets = new HashSet<>();
        for (MountRequest mount : mounts) {
            Path target = absolute("target", mount.target());
            if (mount.readOnlyBelow() == MountRequest.ReadOnlyBelow.ALWAYS) {
                recursivelyReadOnly(mount);
            }
            if (target.getNameCount() == 0) {
                throw new InvalidInputException("nothing can be mounted over the container's \"/\"");
            }
            if (!targets.add(target)) {
                throw new InvalidInputException("two mounts have the same target " + target);
            }
            switch (mount.type()) {
                case BIND -> bind(mount);
                case TMPFS -> tmpfs(mount);
                case VOLUME -> subpath(mount);
                case IMAGE -> image(mount);
            }
        }
    }

    private static void bind(MountRequest mount) {
        Path source = absolute("source", mount.source());
        if (!PROPAGATIONS.contains(mount.propagation())) {
            throw new InvalidInputException("the propagation \"" + mount.propagation()
                    + "\" is not known: use rprivate, rshared, rslave, private, shared or slave");
        }
        // Of others it is asked once it is known what they may look at.
        if (Caller.current().ownsHost() && !mount.createSource() && !Files.exists(source)) {
            throw absent(mount);
        }
    }

    /** What is wrong with a bind mount whose source is not there. */
    public static InvalidInputException absent(MountRequest mount) {
        return new InvalidInputException("bind source path does not exist: "
                + Path.of(mount.source()).normalize() + ": make it, or use -v, which makes an absent folder");
    }

    private static void recursivelyReadOnly(MountRequest mount) {
        if (!mount.readOnly() || mount.nonRecursive() || !Set.of("", "rprivate").contains(mount.propagation())) {
            throw new InvalidInputException("the mount at " + mount.target()
                    + " can be recursively read-only only if it is read-only, recursive and rprivate");
        }
        if (!KernelVersion.isAtLeast("5.12")) {
            throw new InvalidInputException(
                    "the mount at " + mount.target() + " cannot be recursively read-only: that needs Linux 5.12");
        }
    }

    private static void image(MountRequest mount) {
        if (mount.source().isEmpty()) {
            throw new InvalidInputException("the mount at " + mount.target() + " names no image");
        }
        subpath(mount);
    }

    private static void subpath(MountRequest mount) {
        String subpath = mount.volume().subpath();
        if (subpath.indexOf('\0') >= 0 || subpath.length() > LONGEST_PATH || subpath.startsWith("/")) {
            throw new InvalidInputException("the subpath \"" + subpath + "\" of the mount at " + mount.target()
                    + " must be a relative path within the volume");
        }
        if (Path.of(subpath).normalize().startsWith("..")) {
            throw new InvalidInputException(
                    "the subpath \"" + subpath + "\" of the mount at " + mount.target() + " must not leave the volume");
        }
    }

    /** Makes missing folders on the host for bind mounts that allow a missing source. */
    public static void makeSources(List<MountRequest> mounts) throws IOException {
        for (MountRequest mount : mounts) {
            if (mount.type() != MountRequest.Type.BIND || !mount.createSource()) {
                continue;
            }
            if (mount.isConfined()) {
                HostFolder.make(mount);
            } else if (!Files.exists(Path.of(mount.source()))) {
                Files.createDirectories(Path.of(mount.source()));
            }
        }
    }

    private static void tmpfs(MountRequest mount) {
        if (mount.tmpfsBytes() < 0 || mount.tmpfsMode() < 0 || mount.tmpfsMode() > 07777) {
            throw new InvalidInputException("the size or mode of the tmpfs at " + mount.target() + " is malformed");
        }
        for (String option : mount.tmpfsOptions()) {
            String[] sides = option.split("=", 2);
            boolean known = sides.length == 2
                    ? TMPFS_VALUES.contains(sides[0]) && sides[1].matches("[0-9A-Za-z%:,=-]+")
                    : TMPFS_FLAGS.contains(option);
            if (!known) {
                throw new InvalidInputException("the option \"" + option + "\" of the tmpfs at " + mount.target()
                        + " is not known: use those of mount(8) and tmpfs(5), as size=64m or mode=1777");
            }
        }
    }

    private static Path absolute(String what, String path) {
        if (!path.startsWith("/") || path.length() > LONGEST_PATH || path.indexOf('\0') >= 0) {
            throw new InvalidInputException("the " + what + " \"" + path + "\" of a mount is not absolute");
        }
        return Path.of(path).normalize();
    }
}
