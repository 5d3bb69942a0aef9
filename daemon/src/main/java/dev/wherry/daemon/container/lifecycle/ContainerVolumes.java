package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.container.config.MountRequest.Type;
import dev.wherry.daemon.container.config.MountRequest.VolumeOptions;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Durability;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.layer.LowerLayers;
import dev.wherry.daemon.snapshot.layer.MergedFolder;
import dev.wherry.daemon.volume.Volume;
import dev.wherry.daemon.volume.VolumeClaim;
import dev.wherry.daemon.volume.VolumeRequest;
import dev.wherry.daemon.volume.VolumeUse;
import dev.wherry.daemon.volume.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which mounts a new container gets, by docker's rules: those of the containers that it names, then those asked for in
 * their place, then a volume wherever its image wants one and nothing else is. An empty volume gets what the image has
 * in its place.
 */
final class ContainerVolumes {

    private final ContainerTable table;
    private final Volumes volumes;
    private final Snapshotter snapshotter;
    private final Function<String, Image> images;

    ContainerVolumes(ContainerTable table, Volumes volumes, Snapshotter snapshotter, Function<String, Image> images) {
        this.table = table;
        this.volumes = volumes;
        this.snapshotter = snapshotter;
        this.images = images;
    }

    VolumeClaim claim(String container) {
        return volumes.claim(container);
    }

    /** Completes the mounts of a container that is being created, and takes hold of its volumes. */
    List<MountRequest> resolve(ContainerConfig config, Image image, VolumeClaim claim) {
        Durability durability = config.autoRemove() ? Durability.SYNCED : Durability.RELAXED;
        Map<Path, MountRequest> mounts = new LinkedHashMap<>();
        for (String from : config.volumes().containers()) {
            for (MountRequest mount : shared(from)) {
                if (mount.type() == Type.VOLUME) {
                    claim.named(VolumeRequest.named(mount.source()), durability);
                }
                mounts.put(mount.place(), mount);
            }
        }
        for (MountRequest mount : config.mounts()) {
            mounts.put(mount.place(), resolve(mount, config, claim, durability));
        }
        for (String wanted : wanted(image)) {
            MountRequest mount = MountRequest.volume("", wanted, false, VolumeOptions.NONE);
            if (!mounts.containsKey(mount.place()) && mount.place().getNameCount() > 0) {
                mounts.put(mount.place(), resolve(mount, config, claim, durability));
            }
        }
        return List.copyOf(mounts.values());
    }

    private static TreeSet<String> wanted(Image image) {
        Map<String, ?> wanted = image.config().config().volumes();
        return wanted == null ? new TreeSet<>() : new TreeSet<>(wanted.keySet());
    }

    /** @param from "CONTAINER", "CONTAINER:ro" or "CONTAINER:rw" */
    private List<MountRequest> shared(String from) {
        int colon = from.indexOf(':');
        String name = colon < 0 ? from : from.substring(0, colon);
        boolean readOnly = false;
        for (String mode : colon < 0 ? new String[0] : from.substring(colon + 1).split(",", -1)) {
            switch (mode) {
                case "ro" -> readOnly = true;
                case "rw", "z", "Z" -> {}
                default -> throw new InvalidInputException("volumes from " + from + ": invalid mode: " + mode);
            }
        }
        boolean asReadOnly = readOnly;
        try {
            return table.get(name).settings().mounts().stream()
                    .filter(mount -> mount.type() != Type.TMPFS)
                    .map(mount -> mount.sharedWith(mount.readOnly() || asReadOnly))
                    .toList();
        } catch (NotFoundException absent) {
            // Clients take "not found" for the image, and pull it.
            throw new InvalidInputException("volumes from " + from + ": " + absent.getMessage(), absent);
        }
    }

    private MountRequest resolve(MountRequest mount, ContainerConfig config, VolumeClaim claim, Durability durability) {
        return switch (mount.type()) {
            case BIND, TMPFS -> mount;
            case IMAGE -> {
                Image mounted = images.apply(mount.source());
                requirePart(mount, mounted);
                yield mount.of(mounted.id().toString());
            }
            case VOLUME -> {
                VolumeOptions options = mount.volume();
                String driver = options.driver().isEmpty() ? config.volumes().driver() : options.driver();
                VolumeRequest request = new VolumeRequest(mount.source(), driver, options.options(), options.labels());
                Volume volume = mount.source().isEmpty() ? claim.anonymous(request) : claim.named(request, durability);
                yield mount.of(volume.name());
            }
        };
    }

    /** What is behind a link is only known when it is mounted. */
    private void requirePart(MountRequest mount, Image image) {
        if (mount.volume().subpath().isEmpty()) {
            return;
        }
        Path part = Path.of(mount.volume().subpath()).normalize();
        LowerLayers layers = image.snapshot().map(this::layers).orElse(new LowerLayers(List.of()));
        try {
            for (int names = 1; names <= part.getNameCount() && !part.startsWith(".."); names++) {
                Optional<Path> found = layers.find(part.subpath(0, names));
                if (found.isEmpty()) {
                    throw new InvalidInputException("cannot access path "
                            + mount.volume().subpath() + " of image " + mount.source() + ": no such file or directory");
                }
                if (Files.isSymbolicLink(found.get())) {
                    return;
                }
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read image " + mount.source(), failure);
        }
    }

    private LowerLayers layers(SnapshotId top) {
        return new LowerLayers(snapshotter.chain(top).reversed().stream()
                .map(snapshotter::folder)
                .toList());
    }

    /**
     * Fills the empty volumes among the mounts with what the image has in their place.
     *
     * @param snapshot of the container, in which nothing is written yet
     */
    void fill(List<MountRequest> mounts, VolumeClaim claim, SnapshotId snapshot) {
        if (mounts.stream().noneMatch(mount -> mount.type() == Type.VOLUME)) {
            return;
        }
        List<SnapshotId> chain = snapshotter.chain(snapshot);
        LowerLayers layers = new LowerLayers(chain.subList(0, chain.size() - 1).reversed().stream()
                .map(snapshotter::folder)
                .toList());
        for (MountRequest mount : mounts) {
            if (mount.type() == Type.VOLUME) {
                fill(mount, claim, layers);
            }
        }
    }

    private static void fill(MountRequest mount, VolumeClaim claim, LowerLayers layers) {
        try {
            Optional<MergedFolder> folder = MergedFolder.find(layers, mount.place());
            if (folder.isEmpty()) {
                requireNoFile(mount, layers);
            } else if (!mount.volume().noCopy()) {
                claim.fill(mount.source(), mount.volume().subpath(), folder.get()::copyTo);
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot copy " + mount.place() + " of the image to its volume", failure);
        }
    }

    private static void requireNoFile(MountRequest mount, LowerLayers layers) throws IOException {
        Optional<Path> file = layers.find(Path.of("/").relativize(mount.place()));
        if (mount.volume().subpath().isEmpty()
                && file.isPresent()
                && Inodes.find(file.get()).filter(FileStatus::isRegular).isPresent()) {
            throw new InvalidInputException("cannot mount volume over existing file, file exists " + mount.place());
        }
    }

    /** Which containers have which volumes, for the recovery of the volumes. */
    List<VolumeUse> uses() {
        return table.list().stream()
                .map(container -> new VolumeUse(
                        container.id(), names(container), container.state().isAlive()))
                .toList();
    }

    private static java.util.Set<String> names(Container container) {
        return container.settings().mounts().stream()
                .filter(mount -> mount.type() == Type.VOLUME)
                .map(MountRequest::source)
                .collect(Collectors.toSet());
    }
}
