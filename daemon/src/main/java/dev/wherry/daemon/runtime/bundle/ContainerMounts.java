package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.FileSystems;
import dev.wherry.daemon.linux.SystemCallException;
import dev.wherry.daemon.runtime.spec.DefaultSpec;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * All mounts of a container, outer ones first. What is asked for takes the place of what every container has at the same
 * place; with one at {@code /dev}, nothing else is mounted below that.
 */
final class ContainerMounts {

    private static final String SHM = "/dev/shm";
    /** Those that stay writable in a read-only root file system. */
    private static final Set<String> WRITABLE = Set.of("/proc", "/dev", "/dev/pts", "/dev/mqueue", SHM);

    private ContainerMounts() {}

    /** @param more those of this process, in the order in which they are made where one is within another */
    static List<Mount> spec(Path bundle, ContainerProcess process, List<Mount> names, List<Mount> more) {
        Isolation isolation = process.options().isolation();
        Set<Path> taken = new HashSet<>();
        more.forEach(mount -> taken.add(Path.of(mount.destination()).normalize()));
        List<Mount> mounts = new ArrayList<>();
        for (Mount mount : DefaultSpec.MOUNTS) {
            Path target = Path.of(mount.destination());
            if (!taken.contains(target) && !(taken.contains(Path.of("/dev")) && target.startsWith("/dev"))) {
                standard(bundle, mount, process).ifPresent(mounts::add);
            }
        }
        List<Mount> rest = new ArrayList<>();
        for (Mount mount : names) {
            if (!taken.contains(Path.of(mount.destination()))) {
                rest.add(isolation.readOnly() ? with(mount, "ro") : mount);
            }
        }
        rest.addAll(more);
        if (process.options().init()) {
            rest.add(new Mount(
                    InitProgram.TARGET,
                    "bind",
                    InitProgram.find().toString(),
                    List.of("bind", "rprivate", "ro", "nosuid", "nodev")));
        }
        rest.sort(Comparator.comparingInt(
                mount -> Path.of(mount.destination()).normalize().getNameCount()));
        mounts.addAll(rest);
        if (process.options().peers().users().isPresent()) {
            mounts.replaceAll(ContainerMounts::restricted);
        }
        return mounts;
    }

    /**
     * The root of a user namespace cannot lift what a mount of the host is restricted by, and a runtime that mounts it read-only
     * would try to.
     */
    private static Mount restricted(Mount mount) {
        if (!mount.type().equals("bind")) {
            return mount;
        }
        try {
            Mount restricted = mount;
            for (String restriction : FileSystems.restrictions(Path.of(mount.source()))) {
                restricted = with(restricted, restriction);
            }
            return restricted;
        } catch (SystemCallException failure) {
            throw new HostException("cannot mount " + mount.source() + ": " + failure.getMessage(), failure);
        }
    }

    private static Optional<Mount> standard(Path bundle, Mount mount, ContainerProcess process) {
        Isolation isolation = process.options().isolation();
        if (mount.destination().equals(SHM)) {
            return shm(bundle, mount, process);
        }
        boolean open = process.additions().insecure() || isolation.privileged();
        if (open) {
            return Optional.of(without(mount, "ro"));
        }
        return Optional.of(isolation.readOnly() && !WRITABLE.contains(mount.destination()) ? with(mount, "ro") : mount);
    }

    private static Optional<Mount> shm(Path bundle, Mount mount, ContainerProcess process) {
        Isolation isolation = process.options().isolation();
        if (isolation.ipc().equals("none")) {
            return Optional.empty();
        }
        Optional<Path> joined = process.options().peers().ipc().map(JoinedContainers.Peer::shm);
        Optional<Path> host = isolation.ipc().equals("host") ? Optional.of(Path.of(SHM)) : Optional.empty();
        Optional<Path> shared = ShareableMemory.isAsked(process)
                ? Optional.of(bundle.resolve(ShareableMemory.FOLDER))
                : Optional.empty();
        Optional<Path> source = joined.or(() -> host).or(() -> shared);
        if (source.isPresent()) {
            List<String> options = List.of("rbind", "rprivate", "nosuid", "noexec", "nodev");
            return Optional.of(new Mount(SHM, "bind", source.get().toString(), options));
        }
        OptionalLong size = process.additions().shmBytes();
        List<String> options = new ArrayList<>(mount.options());
        options.replaceAll(
                option -> size.isPresent() && option.startsWith("size=") ? "size=" + size.getAsLong() : option);
        return Optional.of(new Mount(SHM, mount.type(), mount.source(), options));
    }

    private static Mount with(Mount mount, String option) {
        if (mount.options().contains(option)) {
            return mount;
        }
        List<String> options = new ArrayList<>(mount.options());
        options.add(option);
        return new Mount(mount.destination(), mount.type(), mount.source(), options);
    }

    private static Mount without(Mount mount, String option) {
        List<String> options = new ArrayList<>(mount.options());
        options.remove(option);
        return new Mount(mount.destination(), mount.type(), mount.source(), options);
    }
}
