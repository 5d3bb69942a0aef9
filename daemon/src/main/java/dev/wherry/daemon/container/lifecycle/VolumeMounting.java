package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.config.HostFolder;
import dev.wherry.daemon.container.config.MountChecks;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.MappedMounts;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.linux.SystemCallException;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.volume.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Mounts volumes and images for the run of a container. A part of one, or of a folder of the host that a bind mount must
 * not lead out of, is found by the kernel below a folder that is held, and mounted beside the bundle while it is held: what a container puts in the place of a folder meanwhile leads nowhere
 * else, and the runtime mounts what was found.
 */
final class VolumeMounting {

    private static final String PREFIX = "part-";
    private static final String IMAGE_PREFIX = "image-";

    private final Volumes volumes;
    private final Snapshotter snapshotter;
    private final Function<String, Image> images;

    VolumeMounting(Volumes volumes, Snapshotter snapshotter, Function<String, Image> images) {
        this.volumes = volumes;
        this.snapshotter = snapshotter;
        this.images = images;
    }

    /**
     * Mounts what a container needs; what was mounted when this fails is unmounted by {@link #unmount}.
     *
     * @param users whose files those of the host are to be, if the container has a user namespace
     */
    List<ExtraMount> mount(Container container, ContainerLayout files, Optional<MappedMounts.Users> users)
            throws IOException {
        List<ExtraMount> mounts = new ArrayList<>();
        for (MountRequest mount : container.settings().mounts()) {
            mounts.add(
                    switch (mount.type()) {
                        case TMPFS -> mount.mount();
                        case BIND -> bind(mount, files, users.filter(_ -> mount.mapped()));
                        case VOLUME -> mount.mount(part(volumes.mount(mount.source(), container.id()), mount, files));
                        case IMAGE -> mount.mount(part(image(mount, files, users), mount, files));
                    });
        }
        return mounts;
    }

    private static ExtraMount bind(MountRequest mount, ContainerLayout files, Optional<MappedMounts.Users> users)
            throws IOException {
        Path source = mount.within().isEmpty() ? Path.of(mount.source()) : confined(mount, files);
        if (users.isEmpty()) {
            return mount.mount(source);
        }
        Path place = place(Files.isDirectory(source), files);
        boolean isPrivate = mount.propagation().isEmpty() || mount.propagation().endsWith("private");
        try {
            MappedMounts.attach(source, users.get(), isPrivate, place);
        } catch (SystemCallException failure) {
            if (failure.errno() == SystemCallException.EINVAL) {
                throw new InvalidInputException(
                        "the users of " + mount.source()
                                + " cannot be mapped: its file system, or one that is mounted below it,"
                                + " does not know how; mount it in a pod without a user namespace",
                        failure);
            }
            throw failure;
        }
        return mount.mount(place);
    }

    private Path image(MountRequest mount, ContainerLayout files, Optional<MappedMounts.Users> users)
            throws IOException {
        Path place = free(files, IMAGE_PREFIX);
        Files.createDirectory(place);
        Image image = images.apply(mount.source());
        if (image.snapshot().isPresent()) {
            snapshotter.mountView(image.snapshot().get(), place, users);
        }
        return place;
    }

    private static Path confined(MountRequest mount, ContainerLayout files) throws IOException {
        try (Handle source = HostFolder.open(mount).orElseThrow(() -> MountChecks.absent(mount))) {
            return attach(source, files);
        }
    }

    private static Path part(Path whole, MountRequest mount, ContainerLayout files) throws IOException {
        String subpath = mount.volume().subpath();
        if (subpath.isEmpty()) {
            return whole;
        }
        String owner = mount.type().name().toLowerCase(Locale.ROOT) + " " + mount.source();
        try (Handle root = Handle.folder(whole);
                Handle part = root.beneath(Path.of(subpath))
                        .orElseThrow(() -> new InvalidInputException(
                                "cannot access path " + subpath + " of " + owner + ": no such file or directory"))) {
            return attach(part, files);
        } catch (SystemCallException failure) {
            if (failure.errno() == SystemCallException.EXDEV) {
                throw new InvalidInputException(
                        "cannot access path " + subpath + " of " + owner + ": it leads out of it", failure);
            }
            throw failure;
        }
    }

    private static Path attach(Handle found, ContainerLayout files) throws IOException {
        Path place = place(found.status().isDirectory(), files);
        Mounts.attach(found, place);
        return place;
    }

    private static Path place(boolean isFolder, ContainerLayout files) throws IOException {
        Path place = free(files, PREFIX);
        return isFolder ? Files.createDirectory(place) : Files.createFile(place);
    }

    private static Path free(ContainerLayout files, String prefix) {
        int number = 0;
        while (Files.exists(files.bundle().resolve(prefix + number))) {
            number++;
        }
        return files.bundle().resolve(prefix + number);
    }

    /** Unmounts what {@link #mount} has mounted; nothing there is fine. */
    void unmount(ContainerLayout files) throws IOException {
        if (Files.isDirectory(files.bundle())) {
            for (Path file : FileTrees.list(files.bundle())) {
                String name = file.getFileName().toString();
                if (name.startsWith(PREFIX) || name.startsWith(IMAGE_PREFIX)) {
                    Mounts.unmount(file);
                }
            }
        }
        volumes.unmount(files.id());
    }
}
