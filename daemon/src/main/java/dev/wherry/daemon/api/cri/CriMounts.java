package dev.wherry.daemon.api.cri;

import dev.wherry.cri.v1.ImageSpec;
import dev.wherry.cri.v1.Mount;
import dev.wherry.cri.v1.MountPropagation;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.container.config.MountRequest.ReadOnlyBelow;
import dev.wherry.daemon.container.config.MountRequest.Type;
import dev.wherry.daemon.container.config.MountRequest.VolumeOptions;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.UnsupportedException;
import java.util.List;
import java.util.Map;

/** Mounts of containers as messages. */
final class CriMounts {

    private CriMounts() {}

    static MountRequest request(Mount mount) {
        if (mount.getMountOptionsCount() > 0) {
            throw new UnsupportedException(
                    "the mount at " + mount.getContainerPath() + " has mount options: they are not supported");
        }
        boolean image = !mount.getImage().getImage().isEmpty();
        if (image && !mount.getHostPath().isEmpty()) {
            throw new InvalidInputException(
                    "the mount at " + mount.getContainerPath() + " names a path of the host and an image: name one");
        }
        if (image && !mount.getReadonly()) {
            throw new InvalidInputException(
                    "the image at " + mount.getContainerPath() + " can only be read: mount it read-only");
        }
        if (mount.getRecursiveReadOnly()
                && (!mount.getReadonly() || mount.getPropagation() != MountPropagation.PROPAGATION_PRIVATE)) {
            throw new InvalidInputException("the mount at " + mount.getContainerPath()
                    + " can be recursively read-only only if it is read-only and its propagation is private");
        }
        return new MountRequest(
                image ? Type.IMAGE : Type.BIND,
                image ? mount.getImage().getImage() : mount.getHostPath(),
                mount.getContainerPath(),
                mount.getReadonly(),
                propagation(mount),
                !image,
                false,
                0,
                0,
                List.of(),
                mount.getRecursiveReadOnly() ? ReadOnlyBelow.ALWAYS : ReadOnlyBelow.NO,
                new VolumeOptions("", Map.of(), Map.of(), false, mount.getImageSubPath()),
                null,
                mount.getUidMappingsCount() > 0 || mount.getGidMappingsCount() > 0);
    }

    private static String propagation(Mount mount) {
        return switch (mount.getPropagation()) {
            case PROPAGATION_PRIVATE -> "rprivate";
            case PROPAGATION_HOST_TO_CONTAINER -> "rslave";
            case PROPAGATION_BIDIRECTIONAL -> "rshared";
            case UNRECOGNIZED ->
                throw new InvalidInputException(
                        "the propagation of the mount at " + mount.getContainerPath() + " is not known");
        };
    }

    static Mount message(MountRequest mount) {
        Mount.Builder message = Mount.newBuilder()
                .setContainerPath(mount.target())
                .setReadonly(mount.readOnly())
                .setRecursiveReadOnly(mount.readOnlyBelow() == ReadOnlyBelow.ALWAYS)
                .setPropagation(
                        switch (mount.propagation()) {
                            case "rslave" -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
                            case "rshared" -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
                            default -> MountPropagation.PROPAGATION_PRIVATE;
                        });
        return mount.type() == Type.IMAGE
                ? message.setImage(
                                ImageSpec.newBuilder().setImage(mount.source()).setImageRef(mount.source()))
                        .setImageSubPath(mount.volume().subpath())
                        .build()
                : message.setHostPath(mount.source()).build();
    }
}
