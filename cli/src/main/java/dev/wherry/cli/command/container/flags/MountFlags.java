package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.ContainerMount;
import dev.wherry.v1.CreateContainerRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** The mounts of a container. */
final class MountFlags {
    @Option(
            names = {"-v", "--volume"},
            paramLabel = "[PATH|VOLUME:]INSIDE[:MODE]",
            description = "Bind mount a path of the host, or a volume; MODE: ro, z, nocopy, rshared ...")
    List<String> binds = new ArrayList<>();

    @Option(
            names = "--mount",
            paramLabel = "type=volume|bind|tmpfs|image,…",
            description = "Attach a filesystem mount: src=, dst=, readonly, volume-subpath=, bind-propagation=,"
                    + " tmpfs-size= ...")
    List<String> mounts = new ArrayList<>();

    @Option(
            names = "--tmpfs",
            paramLabel = "INSIDE[:OPTIONS]",
            description = "Mount a tmpfs directory, such as /run:size=64m")
    List<String> memory = new ArrayList<>();

    @Option(
            names = "--volumes-from",
            paramLabel = "CONTAINER[:ro]",
            description = "Mount volumes from the specified container(s)")
    List<String> volumesFrom = new ArrayList<>();

    @Option(
            names = "--volume-driver",
            paramLabel = "DRIVER",
            description = "Volume driver for the volumes of the container (default \"local\")")
    String volumeDriver = "";

    @Option(names = "--shm-size", paramLabel = "BYTES", description = "Size of /dev/shm, such as 128m")
    String sharedMemory;

    /** @throws Failure when a mount is malformed, or two are at one place */
    void into(CreateContainerRequest.Builder request) {
        binds.stream().map(BindSpec::parse).forEach(request::addMounts);
        mounts.stream().map(MountSpec::parse).forEach(request::addMounts);
        memory.stream().map(MountFlags::tmpfs).forEach(request::addMounts);
        Set<String> targets = new HashSet<>();
        for (ContainerMount mount : request.getMountsList()) {
            if (!targets.add(mount.getTarget())) {
                throw new Failure("duplicate mount point: " + mount.getTarget(), ExitStatus.NOT_STARTED);
            }
        }
        request.addAllVolumesFrom(volumesFrom).setVolumeDriver(volumeDriver);
        request.setShmBytes(FlagValue.bytes("--shm-size", sharedMemory));
    }

    private static ContainerMount tmpfs(String given) {
        int colon = given.indexOf(':');
        String target = colon < 0 ? given : given.substring(0, colon);
        ContainerMount.Builder mount =
                ContainerMount.newBuilder().setType("tmpfs").setTarget(target(given, target));
        if (colon >= 0) {
            for (String option : given.substring(colon + 1).split(",")) {
                if (!option.isEmpty()) {
                    mount.addTmpfsOptions(option);
                }
            }
        }
        return mount.setReadOnly(mount.getTmpfsOptionsList().contains("ro")).build();
    }

    /** The place in the container; {@code given} is the whole mount, for messages. */
    static String target(String given, String target) {
        if (!target.startsWith("/")) {
            throw new Failure(
                    "invalid mount " + given + ": mount path must be absolute: '" + target + "'",
                    ExitStatus.NOT_STARTED);
        }
        String clean = java.nio.file.Path.of(target).normalize().toString();
        if (clean.equals("/")) {
            throw new Failure("invalid mount " + given + ": destination can't be '/'", ExitStatus.NOT_STARTED);
        }
        return clean;
    }
}
