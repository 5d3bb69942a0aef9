package dev.wherry.daemon.api.docker.container;

import dev.wherry.daemon.api.docker.http.ApiVersion;
import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.container.config.MountRequest.ReadOnlyBelow;
import dev.wherry.daemon.container.config.MountRequest.Type;
import dev.wherry.daemon.container.config.MountRequest.VolumeOptions;
import dev.wherry.daemon.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The mounts of a container, which docker's API takes in four places. */
final class MountsBody {

    /** What says nothing here: SELinux labels, and hints for other systems than Linux. */
    private static final Set<String> WITHOUT_MEANING =
            Set.of("z", "Z", "consistent", "cached", "delegated", "rw", "default", "copy");

    private static final Set<String> PROPAGATIONS =
            Set.of("private", "rprivate", "shared", "rshared", "slave", "rslave");

    private MountsBody() {}

    /** @param version below 1.44 a bind mount that is read-only says nothing of the mounts below its source */
    static List<MountRequest> mounts(JsonBody body, JsonBody host, ApiVersion version) {
        List<MountRequest> mounts = mounts(body, host);
        return version.isBefore(44)
                ? mounts.stream().map(MountsBody::readOnlyAlone).toList()
                : mounts;
    }

    private static MountRequest readOnlyAlone(MountRequest mount) {
        return mount.type() == Type.BIND && mount.readOnly() && mount.readOnlyBelow() == ReadOnlyBelow.IF_POSSIBLE
                ? mount.with(ReadOnlyBelow.NO)
                : mount;
    }

    private static List<MountRequest> mounts(JsonBody body, JsonBody host) {
        List<MountRequest> mounts = new ArrayList<>();
        host.texts("Binds").forEach(bind -> mounts.add(bind(bind)));
        host.objects("Mounts").forEach(mount -> mounts.add(mount(mount)));
        host.map("Tmpfs").forEach((target, options) -> mounts.add(tmpfs(target, options)));
        for (String target : body.object("Volumes").names()) {
            // One that a bind or mount is given for as well is that one.
            if (mounts.stream().noneMatch(mount -> mount.target().equals(target))) {
                mounts.add(MountRequest.volume("", target, true, VolumeOptions.NONE));
            }
        }
        return mounts;
    }

    /** Where the body wants volumes and other mounts both. */
    static List<String> covered(JsonBody body, List<MountRequest> mounts) {
        return body.object("Volumes").names().stream()
                .filter(target ->
                        mounts.stream().anyMatch(mount -> mount.target().equals(target) && !mount.isAnonymous()))
                .toList();
    }

    /** {@code SOURCE:TARGET[:MODE]}, or a volume's place alone. */
    private static MountRequest bind(String given) {
        String[] parts = given.split(":", -1);
        if (parts.length > 3 || parts[0].isEmpty() || parts[parts.length > 1 ? 1 : 0].isEmpty()) {
            throw new InvalidInputException("invalid volume specification: '" + given + "'").in("HostConfig.Binds");
        }
        if (parts.length == 1) {
            return MountRequest.volume("", parts[0], true, VolumeOptions.NONE);
        }
        boolean volume = !parts[0].startsWith("/");
        boolean readOnly = false;
        boolean noCopy = false;
        String propagation = "";
        for (String option : (parts.length == 3 ? parts[2] : "rw").split(",", -1)) {
            if (option.equals("ro")) {
                readOnly = true;
            } else if (volume && option.equals("nocopy")) {
                noCopy = true;
            } else if (!volume && PROPAGATIONS.contains(option)) {
                propagation = option;
            } else if (!option.isEmpty() && !WITHOUT_MEANING.contains(option)) {
                throw new InvalidInputException(
                                "invalid volume specification: '" + given + "': invalid mode: " + option)
                        .in("HostConfig.Binds");
            }
        }
        return new MountRequest(
                volume ? Type.VOLUME : Type.BIND,
                parts[0],
                parts[1],
                readOnly,
                propagation,
                true,
                false,
                0,
                0,
                List.of(),
                null,
                new VolumeOptions("", Map.of(), Map.of(), noCopy, ""),
                null,
                false);
    }

    private static MountRequest tmpfs(String target, String options) {
        return new MountRequest(
                Type.TMPFS,
                "",
                target,
                false,
                "",
                false,
                false,
                0,
                0,
                options.isEmpty() ? List.of() : List.of(options.split(",")));
    }

    private static MountRequest mount(JsonBody mount) {
        Type type = switch (mount.text("Type")) {
            case "bind" -> Type.BIND;
            case "volume" -> Type.VOLUME;
            case "tmpfs" -> Type.TMPFS;
            case "image" -> Type.IMAGE;
            default ->
                throw new InvalidInputException(
                                "invalid mount config for type \"" + mount.text("Type") + "\": mount type unknown")
                        .in("HostConfig.Mounts");
        };
        JsonBody bind = mount.object("BindOptions");
        JsonBody volume = mount.object("VolumeOptions");
        JsonBody tmpfs = mount.object("TmpfsOptions");
        return new MountRequest(
                type,
                mount.text("Source"),
                mount.text("Target"),
                mount.flag("ReadOnly"),
                bind.text("Propagation"),
                bind.flag("CreateMountpoint"),
                bind.flag("NonRecursive"),
                tmpfs.number("SizeBytes"),
                tmpfs.integer("Mode"),
                List.of(),
                bind.flag("ReadOnlyForceRecursive")
                        ? ReadOnlyBelow.ALWAYS
                        : bind.flag("ReadOnlyNonRecursive") ? ReadOnlyBelow.NO : ReadOnlyBelow.IF_POSSIBLE,
                new VolumeOptions(
                        volume.object("DriverConfig").text("Name"),
                        volume.object("DriverConfig").map("Options"),
                        volume.map("Labels"),
                        volume.flag("NoCopy"),
                        type == Type.IMAGE ? mount.object("ImageOptions").text("Subpath") : volume.text("Subpath")),
                null,
                false);
    }
}
